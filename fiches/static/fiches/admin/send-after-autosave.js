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

// The answer names the version that was read: nothing had changed. The next autosave writes its own, beside that one.
document.addEventListener("w-autosave:success", (event) => {
  const read = event.target.elements?.loaded_revision_id;
  if (read?.value === String(event.detail.data.revision_id)) {
    controllerOf(event.target).revisionIdValue = 0;
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
