// <suggestion-combobox src="….json" data-some="{count} …" data-none="…"><input type="text"><output></output></suggestion-combobox>
// Suggests while one types (ARIA 1.2 editable combobox). Without this file the server reads the text as it was typed.
//
// src      where ?q=… is answered as JSON: {"suggestions": ["text", …]}
// answers  the name of that list, where it is another; its items may be objects with a `libelle`, and a `compris` that
//          the <output> shows
// least    how many letters make a question (1)
// sends    the form is sent with what was chosen
//
// Fires "suggestion-choisie", with the item as its detail, when one is chosen.

const DELAY = 120;

class SuggestionCombobox extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input");
    this.output = this.querySelector("output");
    if (!this.input || this.list) return;
    this.items = [];
    this.active = -1;
    this.addList();
    const attributes = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id };
    Object.entries(attributes).forEach(([name, value]) => this.input.setAttribute(name, value));
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("keydown", (event) => this.pressed(event));
    this.input.addEventListener("blur", () => this.close());
  }

  addList() {
    this.list = document.createElement("ul");
    this.list.id = `${this.input.id}_suggestions`;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", this.input.labels?.[0]?.textContent.trim() || this.input.name);
    this.list.hidden = true;
    // mousedown, so that the field keeps the focus
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[role=option]");
      if (option) this.choose([...this.list.children].indexOf(option));
    });
    this.status = document.createElement("span");
    this.status.className = "suggestion-statut";
    this.status.setAttribute("role", "status");
    this.append(this.list, this.status);
  }

  typed() {
    clearTimeout(this.timer);
    this.request?.abort();
    if (this.output) this.output.textContent = "";
    const text = this.input.value.trim();
    if (text.length < Number(this.getAttribute("least") ?? 1)) return this.close();
    this.timer = setTimeout(() => this.look(text), DELAY);
  }

  async look(text) {
    this.request = new AbortController();
    const url = new URL(this.getAttribute("src"), document.baseURI);
    url.searchParams.set("q", text);
    try {
      const response = await fetch(url, { signal: this.request.signal });
      if (response.ok) this.show((await response.json())[this.getAttribute("answers") ?? "suggestions"]);
    } catch (error) {
      // Aborted: another letter was typed, and its own question is on the way.
      if (error.name !== "AbortError") this.close(); // offline: the server reads the text on submit
    }
  }

  show(items) {
    if (document.activeElement !== this.input) return;
    this.items = items;
    this.list.replaceChildren(...items.map((item, index) => this.option(item, index)));
    this.activate(-1);
    this.open(items.length > 0);
    this.status.textContent = items.length ? this.dataset.some.replace("{count}", items.length) : this.dataset.none;
  }

  option(item, index) {
    const option = document.createElement("li");
    option.id = `${this.list.id}_${index}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.textContent = item.libelle ?? item;
    return option;
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
    [...this.list.children].forEach((option, i) => option.setAttribute("aria-selected", String(i === index)));
    if (index < 0) return this.input.removeAttribute("aria-activedescendant");
    this.input.setAttribute("aria-activedescendant", this.list.children[index].id);
    this.list.children[index].scrollIntoView({ block: "nearest" });
  }

  pressed(event) {
    if (event.isComposing) return;
    const isOpen = !this.list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!isOpen) return this.typed();
      const step = event.key === "ArrowDown" ? 1 : -1;
      const count = this.items.length;
      this.activate(this.active < 0 && step < 0 ? count - 1 : (this.active + step + count) % count);
    } else if (event.key === "Enter" && isOpen && this.active >= 0) {
      event.preventDefault();
      this.choose(this.active);
    } else if (event.key === "Enter") {
      this.close();
    } else if (event.key === "Escape" && isOpen) {
      event.preventDefault(); // or the browser empties a search field
      event.stopPropagation(); // or a dialog around closes
      this.close();
    }
  }

  choose(index) {
    const item = this.items[index];
    this.input.value = item.libelle ?? item;
    if (this.output) this.output.textContent = item.compris ?? "";
    this.close();
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
    this.dispatchEvent(new CustomEvent("suggestion-choisie", { bubbles: true, detail: item }));
    if (this.hasAttribute("sends")) this.input.form?.requestSubmit();
  }
}

customElements.define("suggestion-combobox", SuggestionCombobox);
