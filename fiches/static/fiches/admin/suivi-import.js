// <suivi-import src="…">: the progress of an import, looked at again while work is under way. Without it, a link does.
const EVERY = 2000;

class SuiviImport extends HTMLElement {
  connectedCallback() {
    this.wait();
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
  }

  wait() {
    if (this.querySelector("[data-travaille='oui']")) {
      this.timer = setTimeout(() => this.look(), EVERY);
    }
  }

  async look() {
    try {
      const answer = await fetch(this.getAttribute("src"), { headers: { "X-Requested-With": "XMLHttpRequest" } });
      if (answer.ok && !answer.redirected) {
        this.innerHTML = await answer.text();
      }
    } catch {
      // The network is away: look again later.
    }
    this.wait();
  }
}

customElements.define("suivi-import", SuiviImport);
