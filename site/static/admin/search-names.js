// The search of a page bears the name of its field: it would have none, as that of the menu.
document.addEventListener("DOMContentLoaded", () => {
  for (const search of document.querySelectorAll("main form[role=search]")) {
    const label = search.querySelector("label[id]");
    if (label) {
      search.setAttribute("aria-labelledby", label.id);
    }
  }
});
