// An autosave on its way is awaited before the form is sent: a new page would be created twice, once by each.
const controllerOf = (form) => window.wagtail.app.getControllerForElementAndIdentifier(form, "w-autosave");

document.addEventListener(
  "submit",
  async (event) => {
    const form = event.target;
    if (!controllerOf(form)?.submitPromise) {
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    while (controllerOf(form)?.submitPromise) {
      await controllerOf(form).submitPromise;
    }
    if (event.submitter) {
      event.submitter.disabled = false; // as it was when it was pressed: a disabled button is not sent
    }
    form.requestSubmit(event.submitter);
  },
  true,
);

// The form then shows the version that the answer names: a decision sent with it is about that one. Where it names the version with
// which the page was opened, nothing had changed: the next autosave writes its own, beside that one.
document.addEventListener("w-autosave:success", (event) => {
  const { loaded_revision_id: read, loaded_revision_created_at: date } = event.target.elements;
  if (read) {
    const { revision_id: version, revision_created_at: saved } = event.detail.data;
    read.dataset.opened ??= read.value;
    if (read.dataset.opened === String(version)) {
      controllerOf(event.target).revisionIdValue = 0;
    }
    read.value = version;
    date.value = saved;
  }
});

// Wagtail takes the form as it is two seconds after its page is shown for what is stored: what was typed sooner would neither be
// saved nor warned about.
const typedEarly = new WeakSet();
const seen = new WeakSet();
document.addEventListener(
  "input",
  (event) => {
    const form = event.target.closest("form");
    if (form && event.isTrusted && !seen.has(form)) {
      typedEarly.add(form);
    }
  },
  true,
);
document.addEventListener("w-unsaved:watch-edits", (event) => {
  const form = event.target;
  if (typedEarly.has(form) && !seen.has(form)) {
    window.wagtail.app.getControllerForElementAndIdentifier(form, "w-unsaved").initialFormData = "stored";
  }
});
document.addEventListener("w-unsaved:add", (event) => seen.add(event.target));
