// <envoi-avance data-adresse="…" data-envoye="…">: updates the numbers of a sending while the page is open, and its heading once all
// has left. Without JavaScript, they are those of the page's loading.
const EVERY = 3000;

class EnvoiAvance extends HTMLElement {
  connectedCallback() {
    if (this.dataset.adresse) this.wait();
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
  }

  wait() {
    this.timer = setTimeout(() => this.look(), EVERY);
  }

  async look() {
    try {
      const response = await fetch(this.dataset.adresse, { headers: { Accept: "application/json" } });
      if (response.ok) this.show(await response.json());
    } catch {
      // The network is away, or the editor logged out: look again later.
    }
    if (this.isConnected && this.querySelector("[data-continue]")) this.wait();
  }

  show(numbers) {
    for (const name of ["partis", "attendent", "perdus"]) {
      const place = this.querySelector(`[data-${name}]`);
      if (place.textContent !== String(numbers[name])) place.textContent = numbers[name];
    }
    const gauge = this.querySelector("progress");
    gauge.max = numbers.total || 1;
    gauge.value = numbers.partis;
    if (!numbers.attendent) {
      this.querySelector("[data-continue]").remove();
      document.getElementById("avance").textContent = this.dataset.envoye;
    }
  }
}

customElements.define("envoi-avance", EnvoiAvance);
