// An autosave on its way is awaited before the form is sent: a new page would be created twice, once by each.
const controllerOf = (form) => window.wagtail.app.getControllerForElementAndIdentifier(form, "w-autosave");

// So is Draftail, which stores a quarter of a second later what was typed in a rich text. Who leaves sooner is asked.
const STORED_AFTER = 300;
let typedAt = -Infinity;
for (const type of ["keydown", "input", "paste", "cut", "drop"]) {
  const note = ({ target, ctrlKey, metaKey }) => target.isContentEditable && !ctrlKey && !metaKey && (typedAt = performance.now());
  document.addEventListener(type, note, true);
}
const beforeStored = () => typedAt + STORED_AFTER - performance.now();
const isStored = () => beforeStored() <= 0;
window.addEventListener("beforeunload", (event) => isStored() || event.preventDefault());

document.addEventListener(
  "submit",
  async (event) => {
    const form = event.target;
    if (!controllerOf(form)?.submitPromise && isStored()) {
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    await new Promise((done) => setTimeout(done, beforeStored()));
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

// Stores the rich text in which `target` is, as Draftail does once nothing is typed: without what marks its comments.
function storeText(target) {
  const beside = target.closest("[data-draftail-editor-wrapper]")?.parentNode.children ?? [];
  const input = [...beside].find((each) => each.draftailEditor);
  const state = input?.draftailEditor?.getEditorState();
  const text = state && window.Draftail.serialiseEditorStateToRaw(state);
  if (text) {
    for (const block of text.blocks) {
      block.inlineStyleRanges = block.inlineStyleRanges.filter(({ style }) => !style.startsWith("COMMENT-"));
    }
    input.rawContentState = text;
    input.value = JSON.stringify(text);
  }
}

// Wagtail saves once nothing more is typed: who types without a pause is saved all the same, as often as this.
const LONGEST = 4000;
const unsentSince = new WeakMap();
document.addEventListener("input", (event) => {
  const form = event.target.closest("form");
  const autosave = form && controllerOf(form);
  if (!autosave) {
    return;
  }
  const since = unsentSince.get(form) ?? performance.now();
  unsentSince.set(form, since);
  if (performance.now() - since > LONGEST) {
    storeText(event.target);
    autosave.save(event);
  }
});
document.addEventListener("w-autosave:save", ({ target }) => unsentSince.delete(target));

// Once the form is sent, no autosave follows it: a slow server would store twice what both bring new.
document.addEventListener("submit", (event) => {
  const autosave = controllerOf(event.target);
  if (autosave && !event.defaultPrevented) {
    autosave.activeValue = false;
    window.addEventListener("pageshow", () => (autosave.activeValue = true), { once: true }); // back from the page that followed
  }
});

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

// Wagtail takes the form as it is when the answer comes for what is stored: what was typed since it was sent would neither be saved nor
// warned about. What the answer itself writes into the form is stored.
const unsavedOf = (form) => window.wagtail.app.getControllerForElementAndIdentifier(form, "w-unsaved");
const sent = new WeakMap();
document.addEventListener("w-autosave:save", ({ target }) => sent.set(target, unsavedOf(target)?.formData));
document.addEventListener("w-autosave:success", ({ target, detail }) => {
  const unsaved = unsavedOf(target);
  if (unsaved) {
    const stored = new URLSearchParams(sent.get(target));
    for (const [name, value] of Object.entries(detail.data.field_updates ?? {})) {
      if (stored.has(name)) {
        stored.set(name, value);
      }
    }
    unsaved.initialFormData = stored.toString();
  }
});

// Once the form is saved, its footer no longer says that autosave is paused: Wagtail waits until nothing more is typed.
document.addEventListener("w-autosave:success", (event) => {
  const footer = document.querySelector(".footer__container[data-controller~=w-messages]");
  window.wagtail.app.getControllerForElementAndIdentifier(footer, "w-messages")?.clear(event);
});

// What the answer says of values that are wrong stands beside their fields. An error that the page was opened with goes once its field
// was corrected.
const touched = new WeakSet();
const fieldOf = (element) => element?.closest("[data-field]");
document.addEventListener(
  "input",
  (event) => {
    for (let field = fieldOf(event.target); field; field = fieldOf(field.parentElement)) {
      touched.add(field);
    }
  },
  true,
);

function remark(field, text) {
  const errors = field.querySelector("[data-field-errors]");
  const input = field.querySelector("input:not([type=hidden]), textarea, select");
  if (!errors || text === errors.textContent.trim()) {
    return;
  }
  errors.replaceChildren();
  field.classList.toggle("w-field--error", Boolean(text));
  const described = new Set((input?.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean));
  if (text) {
    errors.innerHTML =
      '<svg class="icon icon-warning w-field__errors-icon" aria-hidden="true"><use href="#icon-warning"></use></svg>';
    const message = document.createElement("p");
    message.className = "error-message";
    message.textContent = text;
    errors.append(message);
    described.add(errors.id);
  } else {
    described.delete(errors.id);
  }
  if (input && errors.id) {
    if (text) {
      input.setAttribute("aria-invalid", "true");
    } else {
      input.removeAttribute("aria-invalid");
    }
    input.setAttribute("aria-describedby", [...described].join(" "));
  }
}

function showRemarks({ target: form, detail }) {
  const named = Object.entries(detail.response?.remarks ?? {}).map(([name, text]) => [
    fieldOf(form.querySelector(`[name="${name}"], [name="${name}-count"]`)),
    text,
  ]);
  const remarks = new Map(named.filter(([field]) => field));
  for (const field of form.querySelectorAll("[data-field]")) {
    if (remarks.has(field) || touched.has(field)) {
      remark(field, remarks.get(field) ?? "");
    }
  }
}
document.addEventListener("w-autosave:success", showRemarks);
document.addEventListener("w-autosave:error", (event) => event.detail.response?.remarks && showRemarks(event));

// Wagtail counts the errors of a tab once, before its blocks are drawn: they are counted again when one comes or goes.
const ERRORS = ".error-message, .help-critical";
const holdsError = (node) => node.matches?.(ERRORS) || node.querySelector?.(ERRORS);
function countErrors() {
  for (const element of document.querySelectorAll("[role=tab] [data-controller~=w-count]")) {
    window.wagtail.app.getControllerForElementAndIdentifier(element, "w-count")?.count();
  }
}
new MutationObserver((changes) => {
  if (changes.some(({ addedNodes, removedNodes }) => [...addedNodes, ...removedNodes].some(holdsError))) {
    countErrors();
  }
}).observe(document, { childList: true, subtree: true });

// A server that fails is asked again, later each time: Wagtail does so only where no answer came. A new page whose panels could not be
// drawn is stored all the same: Wagtail would save no more of it.
const failures = new WeakMap();
document.addEventListener("w-autosave:success", ({ target }) => failures.delete(target));
document.addEventListener("w-autosave:error", ({ target, detail }) => {
  const isUndrawn = detail.error?.name === "HydrationError";
  if (detail.type === "server_error" || isUndrawn) {
    const times = (failures.get(target) ?? 0) + 1;
    failures.set(target, times);
    setTimeout(
      async () => {
        const controller = controllerOf(target);
        if (controller && isUndrawn) {
          controller.activeValue = true;
          await controller.hydrate({ detail: { url: detail.response.hydrate_url } }).catch(() => {});
        }
        controller?.save(detail.trigger);
      },
      1000 * 2 ** Math.min(times, 6),
    );
  }
});

// A page that is locked for its reader can't be typed in with the keyboard either. Its fields are sent as they are: its review can still
// be cancelled.
document.addEventListener("DOMContentLoaded", () => {
  for (const content of document.querySelectorAll(".content-locked form[data-edit-form] .w-panel__content")) {
    content.inert = true;
  }
});

// What a colleague decided on the page while its form is open is said once, above it.
let decision = "";
document.addEventListener("w-swap:json", (event) => {
  const told = event.detail.data.decision;
  if (told && told !== decision) {
    decision = told;
    document.dispatchEvent(new CustomEvent("w-messages:add", { detail: { text: told, type: "warning" } }));
  }
});
