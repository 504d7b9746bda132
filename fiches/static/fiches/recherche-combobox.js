// <recherche-combobox src="…/suggestions.json"><input name="q"></recherche-combobox>
// Proposes titles while one types (ARIA 1.2 editable combobox); the form is sent with the one chosen.

const DELAY = 120;

class RechercheCombobox extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input");
    if (!this.input || this.list) return;
    this.active = -1;
    this.list = document.createElement("ul");
    this.list.className = "suggestions";
    this.list.id = `${this.input.id}-suggestions`;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", this.input.labels?.[0]?.textContent.trim() ?? this.input.name);
    this.list.hidden = true;
    this.status = document.createElement("span");
    this.status.className = "sr-only";
    this.status.setAttribute("role", "status");
    this.append(this.list, this.status);
    const attributes = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id };
    Object.entries(attributes).forEach(([name, value]) => this.input.setAttribute(name, value));
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("keydown", (event) => this.pressed(event));
    this.input.addEventListener("blur", () => this.close());
    // mousedown, so that the field keeps the focus
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[role=option]");
      if (option) this.choose(option);
    });
  }

  typed() {
    clearTimeout(this.timer);
    this.request?.abort();
    const text = this.input.value.trim();
    if (text.length < 2) return this.close();
    this.timer = setTimeout(() => this.look(text), DELAY);
  }

  async look(text) {
    this.request = new AbortController();
    const url = new URL(this.getAttribute("src"), document.baseURI);
    url.searchParams.set("q", text);
    try {
      const response = await fetch(url, { signal: this.request.signal });
      if (response.ok) this.show((await response.json()).suggestions);
    } catch (error) {
      // Aborted: another letter was typed, and its own question is on the way.
      if (error.name !== "AbortError") this.close(); // offline: the search itself still works
    }
  }

  show(texts) {
    if (document.activeElement !== this.input) return;
    this.list.replaceChildren(
      ...texts.map((text, index) => {
        const option = document.createElement("li");
        option.className = "suggestion";
        option.id = `${this.list.id}-${index}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.textContent = text;
        return option;
      }),
    );
    this.activate(-1);
    this.open(texts.length > 0);
    this.status.textContent = texts.length ? `${texts.length} ${this.dataset.some}` : this.dataset.none;
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
    const count = this.list.children.length;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!isOpen) return this.typed();
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.activate(this.active < 0 && step < 0 ? count - 1 : (this.active + step + count) % count);
    } else if (event.key === "Enter" && isOpen && this.active >= 0) {
      event.preventDefault();
      this.choose(this.list.children[this.active]);
    } else if (event.key === "Enter") {
      this.close();
    } else if (event.key === "Escape" && isOpen) {
      event.preventDefault(); // or the browser empties the field
      this.close();
    }
  }

  choose(option) {
    this.input.value = option.textContent;
    this.close();
    this.input.form?.requestSubmit();
  }
}

customElements.define("recherche-combobox", RechercheCombobox);
