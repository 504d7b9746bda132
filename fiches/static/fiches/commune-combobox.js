// <commune-combobox src="…/communes.json"><input type="text"><output></output></commune-combobox>
// Suggests communes while one types (ARIA 1.2 editable combobox). Without this file the text is read by the server.
// Fires "commune-choisie", with the commune as its detail, when one is chosen.

const DELAY = 150;

class CommuneCombobox extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input");
    this.output = this.querySelector("output");
    if (!this.input || this.list) return;
    this.communes = [];
    this.active = -1;
    this.addList();
    const { input } = this;
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", this.list.id);
    input.addEventListener("input", () => this.typed());
    input.addEventListener("keydown", (event) => this.pressed(event));
    input.addEventListener("blur", () => this.close());
  }

  addList() {
    this.list = document.createElement("ul");
    this.list.id = `${this.input.id}_communes`;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", this.input.labels?.[0]?.textContent.trim() || this.input.name);
    this.list.hidden = true;
    // mousedown, so that the field keeps the focus
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[role=option]");
      if (option) this.choose(Number(option.dataset.index));
    });
    this.status = document.createElement("span");
    this.status.className = "commune-statut";
    this.status.setAttribute("role", "status");
    this.append(this.list, this.status);
  }

  typed() {
    clearTimeout(this.timer);
    this.request?.abort();
    this.output.textContent = "";
    const text = this.input.value.trim();
    if (!text) return this.close();
    this.timer = setTimeout(() => this.look(text), DELAY);
  }

  async look(text) {
    this.request = new AbortController();
    const url = new URL(this.getAttribute("src"), document.baseURI);
    url.searchParams.set("q", text);
    try {
      const response = await fetch(url, { signal: this.request.signal });
      if (response.ok) this.show((await response.json()).communes);
    } catch (error) {
      // Aborted: another letter was typed, and its own question is on the way.
      if (error.name !== "AbortError") this.close(); // offline: the server reads the text on submit
    }
  }

  show(communes) {
    if (document.activeElement !== this.input) return;
    this.communes = communes;
    this.list.replaceChildren(...communes.map((commune, index) => this.option(commune, index)));
    this.activate(-1);
    this.open(communes.length > 0);
    this.status.textContent = communes.length
      ? `${communes.length}. ${this.dataset.some}`
      : this.dataset.none;
  }

  option(commune, index) {
    const item = document.createElement("li");
    item.id = `${this.list.id}_${index}`;
    item.dataset.index = index;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    item.textContent = commune.libelle;
    return item;
  }

  open(isOpen) {
    this.list.hidden = !isOpen;
    this.input.setAttribute("aria-expanded", String(isOpen));
  }

  close() {
    clearTimeout(this.timer);
    this.request?.abort();
    this.activate(-1);
    this.open(false);
    this.status.textContent = "";
  }

  activate(index) {
    this.active = index;
    [...this.list.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === index)));
    if (index < 0) return this.input.removeAttribute("aria-activedescendant");
    this.input.setAttribute("aria-activedescendant", `${this.list.id}_${index}`);
    this.list.children[index].scrollIntoView({ block: "nearest" });
  }

  pressed(event) {
    const isOpen = !this.list.hidden;
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!isOpen) return this.typed();
      const step = event.key === "ArrowDown" ? 1 : -1;
      const count = this.communes.length;
      this.activate(this.active < 0 && step < 0 ? count - 1 : (this.active + step + count) % count);
    } else if (event.key === "Enter" && isOpen && this.active >= 0) {
      event.preventDefault();
      this.choose(this.active);
    } else if (event.key === "Escape" && isOpen) {
      event.stopPropagation();
      this.close();
    }
  }

  choose(index) {
    const commune = this.communes[index];
    this.input.value = commune.libelle;
    this.output.textContent = commune.compris;
    this.close();
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
    this.dispatchEvent(new CustomEvent("commune-choisie", { bubbles: true, detail: commune }));
  }
}

customElements.define("commune-combobox", CommuneCombobox);
