// What htmx leaves to do on the list of the fiches: short addresses, the focus, what stays open. The form works without.

const WIDE = matchMedia("(min-width: 62em)");
let open = null;

function filters() {
  return document.getElementById("filtres");
}

function enhance() {
  const form = filters();
  if (!form) return;
  form.dataset.enhanced = "";
  const more = form.querySelector(".filters__more");
  if (open) form.querySelectorAll("details").forEach((details, i) => (details.open = open.has(details.id || i) || details.open));
  else if (more && WIDE.matches) more.open = true;
}

// An address says what is asked and nothing else.
document.addEventListener("htmx:configRequest", (event) => {
  const { parameters } = event.detail;
  for (const name of Object.keys(parameters)) if (parameters[name] === "") delete parameters[name];
  delete parameters.page;
});

document.addEventListener("htmx:beforeSwap", () => {
  const form = filters();
  open = new Set();
  form?.querySelectorAll("details").forEach((details, i) => details.open && open.add(details.id || i));
});

document.addEventListener("htmx:afterSettle", () => {
  enhance();
  const { body, activeElement } = document;
  if (!activeElement || activeElement === body) document.getElementById("resultats-titre")?.focus();
});

document.addEventListener("htmx:historyRestore", () => {
  open = null;
  enhance();
});

// Should the site not answer, the browser asks again and says so itself.
document.addEventListener("htmx:sendError", (event) => {
  const path = event.detail.pathInfo?.finalRequestPath;
  if (path) location.assign(path);
});

enhance();
