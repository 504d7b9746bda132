// <imprimer-page data-libelle="…"></imprimer-page>: a button that prints the page. Without this script, the browser's command does.

class ImprimerPage extends HTMLElement {
  connectedCallback() {
    if (this.firstChild) return;
    const button = Object.assign(document.createElement("button"), { type: "button", className: "button button--quiet" });
    button.textContent = this.dataset.libelle;
    button.addEventListener("click", () => window.print());
    this.append(button);
  }
}

customElements.define("imprimer-page", ImprimerPage);
