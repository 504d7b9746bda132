// What htmx leaves to do on the list of the fiches: short addresses, the focus, what stays open. The form works without.

const WIDE = matchMedia("(min-width: 62em)");

function filters() {
  return document.getElementById("filtres");
}

function enhance() {
  const form = filters();
  if (!form) return;
  form.dataset.enhanced = "";
  if (WIDE.matches) form.querySelector(".filters__more").open = true;
}

// An address says what is asked and nothing else.
document.addEventListener("htmx:configRequest", (event) => {
  const { parameters } = event.detail;
  for (const name of Object.keys(parameters)) if (parameters[name] === "") delete parameters[name];
  delete parameters.page;
});

// What is open stays open: htmx then finds in the new form what had the focus.
document.addEventListener("htmx:oobBeforeSwap", ({ detail }) => {
  const open = new Set();
  filters()?.querySelectorAll("details").forEach((details, i) => details.open && open.add(details.id || i));
  detail.fragment.querySelectorAll("details").forEach((details, i) => (details.open ||= open.has(details.id || i)));
});

document.addEventListener("htmx:afterSettle", () => {
  const { body, activeElement } = document;
  if (!activeElement || activeElement === body) document.getElementById("resultats-titre")?.focus();
});

document.addEventListener("htmx:historyRestore", enhance);

// Should the site not answer, the browser asks again and says so itself.
document.addEventListener("htmx:sendError", (event) => {
  const path = event.detail.pathInfo?.finalRequestPath;
  if (path) location.assign(path);
});

enhance();
