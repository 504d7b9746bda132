// A link that would lose what is typed asks first, on each screen of the admin: Wagtail's own w-unsaved does it, in its editors only.
const TEXT = ":is(textarea, input:is(:not([type]), [type=text], [type=email], [type=url], [type=tel], [type=number])):enabled:read-write";
const ERROR = ".error-message, [aria-invalid=true]";
const unsavedOf = (form) => window.wagtail.app.getControllerForElementAndIdentifier(form, "w-unsaved");
for (const form of document.querySelectorAll("main form[method=post i]:not([data-controller~=w-unsaved])")) {
  const { dataset } = form;
  if (!form.querySelector(TEXT)) continue;
  dataset.wUnsavedConfirmationValue = "true";
  // What was refused is shown again, and not saved.
  dataset.wUnsavedForceValue ??= String(Boolean(form.querySelector(ERROR)));
  dataset.action = `${dataset.action ?? ""} w-unsaved#submit beforeunload@window->w-unsaved#confirm`;
  dataset.controller = `${dataset.controller ?? ""} w-unsaved`;
}

// Enter presses the first button of a form. One of method "dialog" does nothing, outside a dialog: nothing is sent, nor taken for saved.
document.addEventListener(
  "submit",
  (event) => {
    if (event.submitter?.formMethod === "dialog") {
      event.preventDefault();
      event.stopPropagation();
    }
  },
  true,
);

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
    unsavedOf(form).initialFormData = "stored";
  }
});
document.addEventListener("w-unsaved:add", (event) => seen.add(event.target));

// Nor what was typed in the last half second. (An editor with autosave goes its own way.)
window.addEventListener(
  "beforeunload",
  () => {
    for (const form of document.querySelectorAll("form[data-controller~=w-unsaved]:not([data-controller~=w-autosave])")) {
      const unsaved = unsavedOf(form);
      if (unsaved && typedEarly.has(form)) {
        unsaved.initialFormData ??= "stored";
      }
      unsaved?.hasChanges();
    }
  },
  true,
);
