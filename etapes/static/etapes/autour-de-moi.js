// <autour-de-moi data-libelle="…" data-refus="…"></autour-de-moi>, in a form with a field `autour`: a button that writes the place
// of the device in it and sends the form. Without this script or that place, the name of a commune is written by hand.

class AutourDeMoi extends HTMLElement {
  connectedCallback() {
    if (!navigator.geolocation || this.firstChild) return;
    const button = Object.assign(document.createElement("button"), { type: "button", className: "button button--quiet" });
    button.textContent = this.dataset.libelle;
    button.addEventListener("click", () => this.ask());
    this.said = document.createElement("span");
    this.said.setAttribute("role", "status");
    this.append(button, this.said);
  }

  // Asked for by a click only, and told to nobody more precisely than to the kilometre.
  ask() {
    const form = this.closest("form");
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        form.elements.autour.value = `${coords.latitude.toFixed(2)},${coords.longitude.toFixed(2)}`;
        form.requestSubmit();
      },
      () => (this.said.textContent = this.dataset.refus),
      { timeout: 10000, maximumAge: 600000 },
    );
  }
}

customElements.define("autour-de-moi", AutourDeMoi);
