// <enregistrement-automatique data-encours data-enregistre data-echec data-refus data-garde>
//   <form>…<input type="hidden" name="revision">…<p role="status" data-etat></p></form></enregistrement-automatique>
// Saves the form while the user types, when the page is hidden or left, and a file as soon as it is chosen. Without this script, the
// form's buttons save. The view answers {revision, a: hour, fichiers}; or a refusal, whose reason is {refus}.

const DELAY = 2000;
// Who types without a pause is saved all the same, as often as this.
const LONGEST = 6000;
const RETRY = 10000;
const REFUSED = [403, 404, 409, 422];

class EnregistrementAutomatique extends HTMLElement {
  pending = 0;

  connectedCallback() {
    this.form = this.querySelector("form");
    this.state = this.querySelector("[data-etat]");
    this.revision = this.querySelector("[name=revision]");
    this.chosen = new Set();
    if (!this.form || !this.state) return;
    this.listening = new AbortController();
    const { signal } = this.listening;
    this.form.addEventListener("input", (event) => this.changed(event), { signal });
    this.form.addEventListener("submit", () => this.stop(), { signal });
    window.addEventListener("beforeunload", (event) => this.isRefused && event.preventDefault(), { signal });
    document.addEventListener("visibilitychange", () => document.hidden && this.leave(), { signal });
    window.addEventListener("pagehide", () => this.leave(), { signal });
  }

  disconnectedCallback() {
    this.listening?.abort();
    this.stop();
  }

  changed(event) {
    const isFile = event.target.type === "file";
    if (isFile) {
      this.chosen.add(event.target);
      this.line(event.target).textContent = this.dataset.encours;
    }
    this.isDirty = true;
    this.since ??= performance.now();
    this.later(isFile ? 0 : Math.min(DELAY, Math.max(0, this.since + LONGEST - performance.now())));
  }

  later(delay) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), delay);
  }

  stop() {
    clearTimeout(this.timer);
    this.isDirty = false;
    this.isRefused = false;
    if (this.revision) this.revision.value = this.nextRevision();
    this.request?.abort();
  }

  // The revision that the page shows, after the requests on their way: what the page sends never conflicts with what it sent before,
  // and what arrives late is refused.
  nextRevision() {
    return Number(this.revision.value) + this.pending;
  }

  text(files = new Set()) {
    const data = new FormData(this.form);
    if (this.revision) data.set("revision", this.nextRevision());
    for (const input of this.form.querySelectorAll("input[type=file]")) {
      if (!files.has(input)) data.delete(input.name);
    }
    return data;
  }

  async save({ leaving = false } = {}) {
    if (this.request && !leaving) return this.later(DELAY);
    clearTimeout(this.timer);
    this.isDirty = false;
    this.since = undefined;
    const request = new AbortController();
    this.state.textContent = this.dataset.encours;
    const files = leaving ? new Set() : this.chosen;
    const body = this.text(files);
    this.pending += 1;
    if (!leaving) {
      this.request = request;
      this.chosen = new Set();
    }
    try {
      const response = await fetch(this.form.action, {
        method: "POST",
        body,
        headers: { Accept: "application/json" },
        signal: request.signal,
        keepalive: leaving,
      });
      if (response.redirected || REFUSED.includes(response.status)) return this.refused(files, await reason(response));
      if (!response.ok) throw new Error(response.status);
      const answer = await response.json();
      this.saved(answer);
      this.remember(body);
      for (const input of files) this.showFile(input, answer.fichiers[input.name]);
    } catch (error) {
      if (error.name === "AbortError") return;
      for (const input of files) {
        this.chosen.add(input);
        this.line(input).textContent = this.dataset.echec;
      }
      this.isDirty = true;
      this.state.textContent = this.dataset.echec;
      this.later(leaving ? 0 : RETRY); // a browser takes 64 kB at most from a page that is left: what is only hidden sends more
    } finally {
      this.pending -= 1;
      if (this.request === request) this.request = null;
    }
  }

  // The form was closed, or changed on another screen, meanwhile: retrying is useless. The browser asks before the text is left.
  refused(files, why = this.dataset.refus) {
    this.isDirty = false;
    this.isRefused = true;
    for (const part of [this.state, ...[...files].map((input) => this.line(input))]) part.textContent = why;
  }

  saved({ revision, a }) {
    this.isRefused = false;
    if (this.revision) this.revision.value = Math.max(this.revision.value, revision);
    this.state.textContent = `${this.dataset.enregistre} ${a}.`;
  }

  // Django's hidden initial values: what is put back later differs from what is stored now.
  remember(body) {
    for (const input of this.form.querySelectorAll("input[name^=initial-]")) {
      input.value = body.get(input.name.slice("initial-".length)) ?? "";
    }
  }

  // Below a file's field; added when the file is chosen, so that the answer does not shift the page.
  line(input) {
    let line = input.parentElement.querySelector("[data-fichier]");
    if (!line) {
      line = Object.assign(document.createElement("p"), { className: "field__help" });
      line.setAttribute("role", "status");
      line.dataset.fichier = "";
      input.after(line);
    }
    return line;
  }

  // Shows beside a file's field what was stored, or why it was refused.
  showFile(input, { gardes, fautes }) {
    if (!fautes.length) input.value = "";
    const line = this.line(input);
    line.className = fautes.length ? "field__error" : "field__help";
    line.textContent = [...fautes, ...gardes.map((name) => `${this.dataset.garde} ${name}`)].join(" ");
  }

  // A request that is on its way may end with the page: it is sent again, with what was typed since.
  leave() {
    if (this.isDirty || this.request) this.save({ leaving: true });
  }
}

const isJson = (response) => response.headers.get("Content-Type")?.startsWith("application/json");

// The view's own words for a refusal, if it gives them.
const reason = async (response) => (isJson(response) ? (await response.json()).refus : undefined);

customElements.define("enregistrement-automatique", EnregistrementAutomatique);
