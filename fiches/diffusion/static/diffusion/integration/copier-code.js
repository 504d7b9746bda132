// <copier-code data-copier="Copy" data-copie="Copied" data-panne="Not copied…"><textarea readonly>…</textarea></copier-code>
// Adds the button that copies the text. Without a script the text is selected and copied by hand.

class CopierCode extends HTMLElement {
  connectedCallback() {
    if (this.querySelector("button") || !navigator.clipboard) return;
    const text = this.querySelector("textarea");
    const label = document.querySelector(`label[for="${text.id}"]`);
    const button = Object.assign(document.createElement("button"), { type: "button", className: "button button--quiet" });
    button.textContent = this.dataset.copier;
    const what = Object.assign(document.createElement("span"), { className: "sr-only", textContent: ` : ${label.textContent}` });
    button.append(what);
    const said = Object.assign(document.createElement("span"), { className: "atelier__copied" });
    said.setAttribute("role", "status");
    button.addEventListener("click", async () => {
      text.select();
      const isCopied = await navigator.clipboard.writeText(text.value).then(() => true, () => false);
      said.textContent = this.dataset[isCopied ? "copie" : "panne"];
      if (isCopied) setTimeout(() => (said.textContent = ""), 4000);
    });
    this.append(button, said);
  }
}

customElements.define("copier-code", CopierCode);
