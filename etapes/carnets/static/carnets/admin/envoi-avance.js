// <envoi-avance data-adresse="…">: updates the numbers of a sending while the page is open. Without JavaScript, they are those
// of the page's loading.
const EVERY = 3000;

class EnvoiAvance extends HTMLElement {
  connectedCallback() {
    if (this.dataset.adresse) this.timer = setInterval(() => this.look(), EVERY);
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  async look() {
    const response = await fetch(this.dataset.adresse, { headers: { Accept: "application/json" } }).catch(() => null);
    if (!response || !response.ok) return;
    const numbers = await response.json();
    for (const name of ["partis", "attendent", "perdus"]) {
      const place = this.querySelector(`[data-${name}]`);
      if (place.textContent !== String(numbers[name])) place.textContent = numbers[name];
    }
    const gauge = this.querySelector("progress");
    gauge.max = numbers.total || 1;
    gauge.value = numbers.partis;
    if (numbers.fini) clearInterval(this.timer);
  }
}

customElements.define("envoi-avance", EnvoiAvance);
