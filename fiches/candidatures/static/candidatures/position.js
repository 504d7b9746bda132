// <choix-de-position data-champ="id of the text field">: a map under a field that holds « 47,24 ; 6,02 ».
// A click, a drag, or the centre of the map writes the point in the field; typing in the field moves the point. Only the field is
// sent: without this script, the coordinates are typed.

const PAIR = /^\s*(-?\d{1,2}(?:[.,]\d+)?)\s*(?:[;/]|,\s|\s)\s*(-?\d{1,3}(?:[.,]\d+)?)\s*$/;
const WKT = /^SRID=4326;POINT ?\((-?[\d.]+) (-?[\d.]+)\)$/;
const PIN = 28;
const CLOSE = 14;
const TOWN = 11;

const number = (text) => Number(text.replace(",", "."));
const french = (value) => String(Number(value.toFixed(6))).replace(".", ",");

class ChoixDePosition extends HTMLElement {
  connectedCallback() {
    this.field = document.getElementById(this.dataset.champ);
    if (!this.field || this.canvas) return;
    this.words = (name) => this.getAttribute(`data-l-${name}`) ?? "";
    this.canvas = Object.assign(document.createElement("div"), { className: "map__canvas position__carte" });
    this.canvas.setAttribute("role", "region");
    this.canvas.setAttribute("aria-label", this.words("carte"));
    this.help = Object.assign(document.createElement("p"), { className: "field__help", textContent: this.words("aide") });
    this.help.id = `${this.dataset.champ}_carte`;
    this.canvas.setAttribute("aria-describedby", this.help.id);
    this.tools = Object.assign(document.createElement("p"), { className: "field__action" });
    this.say = Object.assign(document.createElement("span"), { className: "map__say" });
    this.say.setAttribute("role", "status");
    this.addTools();
    this.append(this.help, this.canvas, this.tools);
    this.watcher = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      this.watcher.disconnect();
      this.start().catch(() => this.fail());
    });
    this.watcher.observe(this.canvas);
  }

  disconnectedCallback() {
    this.watcher?.disconnect();
    this.map?.remove();
    this.map = null;
  }

  fail() {
    this.canvas.hidden = this.help.hidden = true;
    this.tools.replaceChildren(this.say);
    this.say.textContent = this.words("panne");
  }

  async start() {
    const { outils, leaflet, leafletCss } = this.dataset;
    const { Ground, communesNamed, dress, load } = await import(outils);
    await Promise.all([load("script", { src: leaflet }), dress(leafletCss)]);
    if (!this.isConnected || this.map) return;
    this.map = L.map(this.canvas, { zoomControl: false, zoomSnap: 0.25, maxZoom: 18, attributionControl: false });
    L.control.zoom({ zoomInTitle: this.words("plus"), zoomOutTitle: this.words("moins") }).addTo(this.map);
    this.map.fitBounds(JSON.parse(this.dataset.cadre)).setMinZoom(Math.min(7, this.map.getZoom()));
    this.background(Ground);
    const icon = L.divIcon({ className: "map__pin", iconSize: [PIN, PIN] });
    this.marker = L.marker(this.map.getCenter(), { icon, draggable: true, keyboard: false });
    this.marker.on("dragend", () => this.place(this.marker.getLatLng()));
    this.map.on("click", (event) => this.place(event.latlng));
    this.field.addEventListener("input", (event) => event.isTrusted && this.follow());
    this.field.form?.addEventListener("suggestion-choisie", ({ detail }) => this.look(detail));
    if (!this.follow()) this.lookAtCommune(communesNamed).catch(() => {}); // the point is placed without it
  }

  background(Ground) {
    const { tuiles, attribution } = this.dataset;
    const credit = L.control.attribution({ prefix: false }).addTo(this.map);
    if (tuiles) {
      this.classList.add("map--tiles");
      L.tileLayer(tuiles, { attribution, maxZoom: 18 }).addTo(this.map);
    } else {
      credit.addAttribution(this.words("fond"));
    }
    this.map.getPane("overlayPane").setAttribute("aria-hidden", "true"); // the field and the buttons give the same information
    new Ground(this.map, this.dataset, { hasTiles: Boolean(tuiles) }).draw().catch(() => {}); // the point is placed without it
  }

  // Added before the map, which loads later: adding it then would shift the page.
  addTools() {
    const button = (text, act) => {
      const made = Object.assign(document.createElement("button"), { type: "button", textContent: text });
      made.className = "button button--quiet";
      made.addEventListener("click", act);
      return made;
    };
    this.tools.append(
      button(this.words("placer"), () => this.map && this.place(this.map.getCenter())),
      button(this.words("effacer"), () => this.clear()),
      this.say,
    );
  }

  place({ lat, lng }) {
    this.write(`${french(lat)} ; ${french(lng)}`);
    this.marker.setLatLng([lat, lng]).addTo(this.map);
    this.say.textContent = `${this.words("place")} ${this.field.value}`;
  }

  clear() {
    this.write("");
    this.marker?.remove();
    this.say.textContent = this.words("efface");
  }

  // As if it were typed, so that the form saves itself.
  write(text) {
    this.field.value = text;
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // Shows the point of the field; returns false if the field has no valid point.
  follow() {
    this.say.textContent = "";
    const text = this.field.value.trim();
    const stored = WKT.exec(text);
    const typed = PAIR.exec(text);
    if (!stored && !typed) {
      this.marker.remove();
      return false;
    }
    const [lat, lng] = stored ? [Number(stored[2]), Number(stored[1])] : [number(typed[1]), number(typed[2])];
    this.marker.setLatLng([lat, lng]).addTo(this.map);
    this.map.setView([lat, lng], Math.max(this.map.getZoom(), CLOSE));
    return true;
  }

  look({ latitude, longitude }) {
    if (latitude && !this.field.value.trim()) this.map.setView([latitude, longitude], TOWN);
  }

  async lookAtCommune(communesNamed) {
    const text = this.field.form?.elements.commune?.value ?? "";
    const name = text.replace(/\s*\(.*/, "").trim();
    if (!name) return;
    const communes = await communesNamed(this.dataset.communes, name);
    if (this.map) this.look(communes.find(({ libelle }) => libelle.startsWith(text)) ?? communes[0] ?? {});
  }
}

customElements.define("choix-de-position", ChoixDePosition);
