// A link that would lose what is typed asks first, on each screen of the admin: Wagtail's own w-unsaved does it, in its editors only.
const TEXT = ":is(textarea, input:is(:not([type]), [type=text], [type=email], [type=url], [type=tel], [type=number])):enabled:read-write";
const ERROR = ".error-message, [aria-invalid=true]";
for (const form of document.querySelectorAll("main form[method=post i]:not([data-controller~=w-unsaved])")) {
  const { dataset } = form;
  if (!form.querySelector(TEXT)) continue;
  dataset.wUnsavedConfirmationValue = "true";
  // What was refused is shown again, and not saved.
  dataset.wUnsavedForceValue ??= String(Boolean(form.querySelector(ERROR)));
  dataset.action = `${dataset.action ?? ""} w-unsaved#submit beforeunload@window->w-unsaved#confirm`;
  dataset.controller = `${dataset.controller ?? ""} w-unsaved`;
}
