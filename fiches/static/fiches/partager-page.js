// <partager-page data-adresse="https://…" data-titre="…"><a href="mailto:…">…</a></partager-page>
// Adds the buttons that copy the address and open the device's own way of sharing. No other site is told anything.

class PartagerPage extends HTMLElement {
  connectedCallback() {
    if (this.said) return;
    this.said = document.createElement("span");
    this.said.setAttribute("role", "status");
    const { adresse: url, titre: title } = this.dataset;
    const ways = [];
    if (navigator.share) ways.push(this.way("partager", () => navigator.share({ title, url })));
    if (navigator.clipboard) ways.push(this.way("copier", () => this.copy(url)));
    this.prepend(...ways);
    this.append(this.said);
  }

  way(word, act) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "share__way" });
    button.textContent = this.dataset[word];
    button.addEventListener("click", () => act().catch((error) => error.name !== "AbortError" && this.say("panne"))); // given up by its reader
    return button;
  }

  async copy(url) {
    await navigator.clipboard.writeText(url);
    this.say("copie");
  }

  say(word) {
    this.said.textContent = this.dataset[word];
  }
}

customElements.define("partager-page", PartagerPage);
