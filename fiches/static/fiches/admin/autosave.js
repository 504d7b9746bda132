// Five things that Wagtail's autosave lacks (https://github.com/wagtail/wagtail, 8.0.1).
const controllerOf = (form, name) => window.wagtail.app.getControllerForElementAndIdentifier(form, name);

// An autosave on its way is awaited before the form is sent: a new page would be created twice, once by each.
document.addEventListener(
  "submit",
  async (event) => {
    const autosave = controllerOf(event.target, "w-autosave");
    if (!autosave?.submitPromise) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    while (autosave.submitPromise) await autosave.submitPromise;
    if (event.submitter) event.submitter.disabled = false; // as it was when it was pressed: a disabled button is not sent
    event.target.requestSubmit(event.submitter);
  },
  true,
);

// What is typed while an autosave is on its way is compared with what it sent: Wagtail would take it as saved.
let sent;
document.addEventListener("w-autosave:save", ({ target: form }) => {
  sent = controllerOf(form, "w-unsaved").formData;
});

document.addEventListener("w-autosave:success", ({ target: form, detail }) => {
  const unsaved = controllerOf(form, "w-unsaved");
  unsaved.initialFormData = unsaved.previousFormData = sent;
  // The answer to a refused form, loaded again, would send the old form again: the page is asked for instead.
  history.replaceState(null, "", location.href);
  // A decision sent with the form is about the version that the answer names. Where it is the one with which the page was opened,
  // nothing had changed: the next autosave writes its own, beside that one.
  const { loaded_revision_id: read, loaded_revision_created_at: date } = form.elements;
  if (read) {
    read.dataset.opened ??= read.value;
    if (read.dataset.opened === String(detail.data.revision_id)) {
      controllerOf(form, "w-autosave").revisionIdValue = 0;
    }
    read.value = detail.data.revision_id;
    date.value = detail.data.revision_created_at;
  }
  // Wagtail never watches a form that it showed with errors: what is typed there would neither be saved nor warned about. Another
  // interval (ms) makes it begin.
  form.dataset.wUnsavedCheckIntervalValue ??= "501";
});
