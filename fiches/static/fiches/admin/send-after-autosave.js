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
