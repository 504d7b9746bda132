// <calcul-de-preuve data-bits data-defi data-encours data-pret><input name="defi"><input name="reponse"><p role="status"></p></calcul-de-preuve>
// Looks for the number that makes SHA-256(challenge:number) begin with so many zero bits, a thousand tries at a time.

const BATCH = 1000;

class PreuveDeTravail extends HTMLElement {
  async connectedCallback() {
    const { defi, bits, encours, pret } = this.dataset;
    const status = this.querySelector("[role=status]");
    status.textContent = encours;
    const encoder = new TextEncoder();
    for (let start = 0; this.isConnected; start += BATCH) {
      const numbers = Array.from({ length: BATCH }, (_, index) => start + index);
      const digests = await Promise.all(
        numbers.map((number) => crypto.subtle.digest("SHA-256", encoder.encode(`${defi}:${number}`))),
      );
      const found = digests.findIndex((digest) => new DataView(digest).getUint32(0) >>> (32 - bits) === 0);
      if (found >= 0) {
        this.querySelector("[name=reponse]").value = start + found;
        status.textContent = pret;
        return;
      }
    }
  }
}

customElements.define("calcul-de-preuve", PreuveDeTravail);
