// The map of wagtailgeowidget as our editors need it: no tile server unless one is set, nothing stored that nobody
// placed, what is typed goes to the server as it is and comes back as it was understood.
/* global LeafletField, NominatimGeocoderField, StimulusModule */

const DELAY = 300;
const TOWNS = 60;
const TOWNS_FROM_AFAR = 14;
const ZOOM_OF_SMALL_TOWNS = 9;

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const STEP = 10; // pixels that an arrow key moves the point by; one with Shift

const french = (number) => String(Number(number.toFixed(6))).replace(".", ",");

class CarteLocalisation extends LeafletField {
  setup() {
    const id = this.sourceField[0].id;
    const prefix = id.slice(0, id.length - "point".length);
    this.output = document.getElementById(`${id}_compris`);
    this.commune = document.getElementById(`${prefix}commune`);
    this.codePostal = document.getElementById(`${prefix}code_postal`);
    this.adresse = document.getElementById(`${prefix}adresse`);
    this.sans = document.getElementById(`${prefix}sans_localisation`);
    this.initMap(this.mapEl, this.defaultLocation);
    this.initEvents();
    this.showTyped(this.getState());
    this.understand();
    // A panel of a closed tab has no size yet.
    new ResizeObserver(() => {
      this.map.invalidateSize();
      this.recentre();
    }).observe(this.mapEl[0]);
  }

  initMap(mapEl, centre) {
    const options = this.settings;
    this.map = L.map(mapEl[0], { minZoom: 6, zoomControl: false }).setView(centre, this.zoom);
    const { closer: zoomInTitle, farther: zoomOutTitle } = this.translations;
    L.control.zoom({ zoomInTitle, zoomOutTitle }).addTo(this.map);
    mapEl[0].setAttribute("role", "application");
    mapEl[0].setAttribute("aria-label", this.translations.map);
    this.map.attributionControl.setPrefix(false);
    if (options.tileLayer) {
      L.tileLayer(options.tileLayer, { maxZoom: 19, attribution: options.attribution }).addTo(this.map);
    } else {
      this.drawOutlines(options).catch(() => {}); // the point is placed without them
    }
    const { marker, centre: title } = this.translations;
    this.marker = L.marker(centre, { draggable: true, icon: this.icon("exacte"), title: marker });
    this.ghost = L.marker(centre, { icon: this.icon("commune"), title, keyboard: false });
  }

  get settings() {
    return JSON.parse(this.sourceField[0].dataset.carteLocalisationOptionsValue);
  }

  icon(kind) {
    return L.divIcon({ className: `carte-repere carte-repere-${kind}`, iconSize: [28, 28], iconAnchor: [14, 28] });
  }

  async drawOutlines(options) {
    const answer = await fetch(options.towns);
    const towns = answer.ok ? (await answer.json()).slice(0, TOWNS).map((town) => this.town(...town)) : [];
    L.layerGroup(towns.slice(0, TOWNS_FROM_AFAR)).addTo(this.map);
    const small = L.layerGroup(towns.slice(TOWNS_FROM_AFAR));
    const showSmall = () => (this.map.getZoom() >= ZOOM_OF_SMALL_TOWNS ? small.addTo(this.map) : small.remove());
    this.map.on("zoomend", showSmall);
    showSmall();
    const response = await fetch(options.outlines);
    if (!response.ok) return;
    const outlines = await response.json();
    L.geoJSON(outlines, { interactive: false, style: { className: "carte-departement" } }).addTo(this.map).bringToBack();
  }

  town(name, lat, lng) {
    return L.circleMarker([lat, lng], { radius: 2, className: "carte-ville", interactive: false }).bindTooltip(name, {
      permanent: true,
      direction: "right",
      className: "carte-ville-nom",
    });
  }

  initEvents() {
    this.map.on("click", (event) => this.place(event.latlng));
    this.marker.on("dragend", () => this.place(this.marker.getLatLng()));
    this.marker.on("keydown", ({ originalEvent }) => this.nudge(originalEvent));
    this.mapEl.on("keydown", (event) => {
      if (event.key !== "Enter" || event.target !== this.mapEl[0]) return;
      event.preventDefault(); // it would save the page
      this.place(this.map.getCenter());
    });
    this.latLngField.on("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault();
    });
    this.latLngField.on("input", () => {
      this.setState(this.latLngField.val().trim());
      this.understandSoon();
    });
    this.addressField.on("searchGeocoded", (_event, latLng) => this.place(latLng));
    this.commune?.form.addEventListener("suggestion-choisie", (event) => this.communeChosen(event.detail));
    for (const field of [this.commune, this.sans]) field?.addEventListener("change", () => this.understand());
  }

  place(latLng) {
    if (this.sans?.checked) return;
    this.writeLocation({ lat: Number(latLng.lat).toFixed(6), lng: Number(latLng.lng).toFixed(6) });
    this.showTyped(this.getState());
    this.sourceField[0].dispatchEvent(new Event("change", { bubbles: true }));
    this.understand();
  }

  nudge(event) {
    const direction = ARROWS[event.key];
    if (!direction) return;
    event.preventDefault();
    event.stopPropagation(); // the map would move too
    const by = direction.map((way) => way * (event.shiftKey ? 1 : STEP));
    const at = this.map.latLngToContainerPoint(this.marker.getLatLng()).add(by);
    this.marker.setLatLng(this.map.containerPointToLatLng(at));
    this.place(this.marker.getLatLng());
  }

  communeChosen(commune) {
    const codes = commune.codes_postaux;
    if (this.codePostal && !codes.includes(this.codePostal.value)) {
      this.codePostal.value = codes.length === 1 ? codes[0] : "";
      this.codePostal.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }

  // WKT as people write it; anything else as it was typed.
  showTyped(state) {
    const found = /^SRID=4326;POINT ?\((-?[0-9.]+) (-?[0-9.]+)\)$/.exec(state);
    this.latLngField.val(found ? `${french(Number(found[2]))} ; ${french(Number(found[1]))}` : state);
  }

  understandSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.understand(), DELAY);
  }

  async understand() {
    clearTimeout(this.timer);
    this.asking?.abort();
    this.asking = new AbortController();
    const url = new URL(this.settings.understand, document.baseURI);
    url.searchParams.set("point", this.getState());
    url.searchParams.set("commune", this.commune?.value ?? "");
    url.searchParams.set("sans_localisation", this.sans?.checked ? "1" : "");
    try {
      const response = await fetch(url, { signal: this.asking.signal });
      if (response.ok) this.show(await response.json());
      else this.output.textContent = this.translations.offline;
    } catch (error) {
      if (error.name !== "AbortError") this.output.textContent = this.translations.offline;
    }
  }

  show(understood) {
    this.output.textContent = understood.texte;
    this.output.classList.toggle("carte-erreur", understood.erreur);
    this.mapEl[0].classList.toggle("carte-sans", Boolean(this.sans?.checked));
    this.latLngField.prop("disabled", Boolean(this.sans?.checked));
    const shown = { exacte: this.marker, commune: this.ghost }[understood.precision];
    for (const marker of [this.marker, this.ghost]) if (marker !== shown) marker.remove();
    this.shown = shown;
    shown?.setLatLng([understood.latitude, understood.longitude]).addTo(this.map);
    if (!understood.erreur) this.recentre();
  }

  recentre() {
    if (this.shown) this.map.setView(this.shown.getLatLng(), Math.max(this.map.getZoom(), this.zoom + 2));
    else this.map.setView(this.defaultLocation, this.zoom);
  }
}

class AdresseGeocodee extends NominatimGeocoderField {
  constructor(options) {
    super(options);
    this.url = options.url;
    this.commune = document.getElementById(options.id.replace(/adresse$/, "commune"));
  }

  async geocodeSearch(query) {
    const url = new URL(this.url, document.baseURI);
    url.searchParams.set("q", query);
    url.searchParams.set("commune", this.commune?.value ?? "");
    try {
      const response = await fetch(url);
      if (response.ok) this.found(await response.json());
    } catch {
      // the address is kept as typed, the point is left as it is
    }
  }

  // The centre of a commune is not where an address is: only a street or a number places the point.
  found(answer) {
    if (answer.geocoding.warning) this.displayWarning(answer.geocoding.warning, { field: this.field });
    const exact = answer.features.find((feature) => feature.properties.geocoding.type !== "municipality");
    if (!exact) return;
    this.displaySuccess(this.translations.success_address_geocoded, { field: this.field });
    const [lng, lat] = exact.geometry.coordinates;
    this.field.trigger("searchGeocoded", [{ lat, lng }]);
  }
}

window.wagtail.app.register(
  "carte-localisation",
  class extends StimulusModule.Controller {
    static values = { options: Object };

    connect() {
      const { id } = this.element;
      const address = this.optionsValue.addressField;
      const addressSelector = address ? `#${id.replace(/point$/, address)}` : undefined;
      this.carte ??= new CarteLocalisation({ ...this.optionsValue, id, addressSelector });
    }
  },
);

window.wagtail.app.register(
  "adresse-geocodee",
  class extends StimulusModule.Controller {
    static values = { options: Object };

    connect() {
      this.adresse ??= new AdresseGeocodee({ ...this.optionsValue, id: this.element.id });
    }
  },
);
