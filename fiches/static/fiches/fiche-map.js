// <fiche-map src="…/carte.geojson">the list, in #resultats[data-query]</fiche-map>
// Puts in its .map__part, or above the list, a Leaflet map of the whole answer. Nothing is fetched from elsewhere unless data-tuiles says so.

const HAS_ROOM = matchMedia("(min-width: 40rem)");
// On a narrow map, a window stands beside the zoom buttons and not under them.
const POPUP = HAS_ROOM.matches
  ? { minWidth: 220, maxWidth: 300 }
  : { minWidth: 210, maxWidth: 220, autoPanPaddingTopLeft: [58, 5], autoPanPaddingBottomRight: [5, 5] };
const AROUND = 56; // pixels of the map that stay around a window
const PIN = 26;
const PLACE = 11; // the zoom on a commune that was looked for
const SEEN = 0.25; // the part of the map that is in view before it is drawn
const ACTS = ["pointermove", "pointerdown", "keydown", "scroll"];
class FicheMap extends HTMLElement {
  connectedCallback() {
    if (this.canvas) return;
    this.words = (name) => this.getAttribute(`data-l-${name}`) ?? "";
    this.headed = (what, name) => this.words("nom").replace("{what}", () => what).replace("{name}", () => name);
    this.canvas = Object.assign(document.createElement("div"), { className: "map__canvas" });
    this.canvas.setAttribute("role", "region");
    this.canvas.setAttribute("aria-label", this.words("carte"));
    this.tools = Object.assign(document.createElement("div"), { className: "map__tools" });
    this.say = Object.assign(document.createElement("p"), { className: "map__say" });
    this.say.setAttribute("role", "status");
    this.tools.append(this.say);
    this.roads = Object.entries(this.dataset).filter(([name]) => name.startsWith("calque"));
    this.layers = Object.assign(document.createElement("div"), { className: "map__layers" });
    this.key = Object.assign(document.createElement("details"), { className: "map__key" });
    this.key.append(Object.assign(document.createElement("summary"), { textContent: this.words("legende") }), this.legend(), this.layers);
    // All that takes room is there before Leaflet comes: nothing that is being read moves.
    (this.querySelector(".map__part") ?? this).prepend(this.tools, this.canvas, this.key);
    this.drawn = this.querySelector(".map__part > .carte");
    if (this.drawn) this.canvas.append(this.drawn);
    this.settled = () => this.refresh();
    document.addEventListener("htmx:afterSettle", this.settled);
    // Leaflet weighs more than the page: it comes when the map is in view, by more than its edge. The map that the server drew
    // stands there until the visitor does something, or came for the map.
    const waits = this.drawn && location.hash !== "#carte";
    const acted = waits && new Promise((act) => ACTS.forEach((name) => addEventListener(name, act, { once: true, passive: true })));
    this.watcher = new IntersectionObserver(async (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      this.watcher.disconnect();
      await acted;
      this.start().catch(() => this.fail());
    }, { threshold: SEEN });
    this.watcher.observe(this.canvas);
  }

  disconnectedCallback() {
    this.watcher?.disconnect();
    this.request?.abort();
    cancelAnimationFrame(this.frame);
    document.removeEventListener("htmx:afterSettle", this.settled);
    this.map?.remove();
    this.map = null;
  }

  // The drawn map is hidden beside the canvas, and seen again without it.
  putDrawnAside() {
    if (this.drawn) this.canvas.after(this.drawn);
  }

  fail() {
    this.putDrawnAside();
    this.say.textContent = this.words("panne");
    for (const part of [this.canvas, this.key]) part.hidden = true;
  }

  async start() {
    const { sol, leaflet, leafletCss, cluster, clusterCss } = this.dataset;
    this.say.textContent = this.words("attente");
    const { Ground, communesNamed, dress, load } = await import(sol);
    this.communesNamed = communesNamed;
    await Promise.all([
      load("script", { src: leaflet }),
      dress(leafletCss),
      dress(clusterCss),
    ]);
    await load("script", { src: cluster });
    if (!this.isConnected || this.map) return;
    const zoomSnap = this.dataset.tuiles ? 1 : 0.25; // outlines are drawn at any zoom: they fill the map
    this.putDrawnAside();
    this.map = L.map(this.canvas, { zoomControl: false, maxZoom: 18, zoomSnap, attributionControl: false });
    L.control.zoom({ zoomInTitle: this.words("plus"), zoomOutTitle: this.words("moins") }).addTo(this.map);
    const credit = L.control.attribution({ prefix: false }).addTo(this.map);
    this.map.fitBounds(JSON.parse(this.dataset.cadre)).setMinZoom(Math.min(7, this.map.getZoom()));
    this.map.getPane("overlayPane").setAttribute("aria-hidden", "true"); // outlines and roads: the signs and the list say all
    if (this.dataset.tuiles) {
      this.classList.add("map--tiles");
      L.tileLayer(this.dataset.tuiles, { attribution: this.dataset.attribution, maxZoom: 18 }).addTo(this.map);
    } else {
      credit.addAttribution(this.words("fond"));
    }
    this.ground = new Ground(this.map, this.dataset, { hasTiles: "tuiles" in this.dataset });
    this.group = this.clusters().addTo(this.map);
    this.ground.draw().then(() => this.group.refreshClusters()).catch(() => {}); // the signs serve without it
    this.addTools();
    this.map.on("layeradd layerremove moveend", () => this.soon());
    this.map.on("resize", () => this.arrange()); // its "moveend" comes a fifth of a second later
    this.group.on("animationend", () => this.soon());
    this.map.on("dragend zoomend", () => this.moved && (this.areaButton.hidden = false));
    this.canvas.addEventListener("keydown", (event) => event.key === "Escape" && this.map.closePopup());
    await this.refresh();
  }

  clusters() {
    return L.markerClusterGroup({
      chunkedLoading: true,
      showCoverageOnHover: false,
      maxClusterRadius: 64,
      spiderfyDistanceMultiplier: 1.5, // signs as large as ours don't touch
      animate: !matchMedia("(prefers-reduced-motion: reduce)").matches,
      iconCreateFunction: (cluster) => {
        const count = cluster.getChildCount();
        const size = count < 10 ? 36 : count < 100 ? 44 : count < 1000 ? 52 : 60;
        const place = this.ground.nearest(cluster.getLatLng());
        const words = place ? this.words("groupe-vers").replace("{place}", () => place) : this.words("groupe");
        const html = document.createElement("span");
        html.append(String(count), Object.assign(document.createElement("span"), { className: "sr-only", textContent: ` ${words}` }));
        return L.divIcon({ html, className: "map__group", iconSize: [size, size] });
      },
    }).on("clusterkeypress", () => this.map.once("moveend", () => this.canvas.focus()));
  }

  addTools() {
    const button = (text, act) => {
      const made = Object.assign(document.createElement("button"), { type: "button", textContent: text });
      made.className = "button button--quiet map__button";
      made.addEventListener("click", act);
      this.say.before(made);
      return made;
    };
    this.areaButton = button(this.words("zone"), () => this.searchArea());
    this.areaButton.hidden = true;
    if (navigator.geolocation) button(this.words("autour"), () => this.searchAround());
    if (document.getElementById("filtres")) this.addPlace();
    else this.tools.querySelectorAll("button").forEach((made) => made.remove());
    for (const [, address] of this.roads) this.addLayer(address).catch(() => {}); // the fiches are shown without it
  }

  // A commune by its name or postcode: suggested, or the first that answers to what was typed.
  addPlace() {
    const box = document.createElement("suggestion-combobox");
    const attributes = { class: "map__place", src: this.dataset.communes, answers: "communes", least: "2" };
    Object.entries(attributes).forEach(([name, value]) => box.setAttribute(name, value));
    Object.assign(box.dataset, { some: this.words("suggestions"), none: this.words("aucune") });
    const label = Object.assign(document.createElement("label"), { htmlFor: "lieu", className: "sr-only", textContent: this.words("lieu") });
    const field = Object.assign(document.createElement("input"), { id: "lieu", type: "search", autocomplete: "off", placeholder: this.words("lieu") });
    box.append(label, field);
    box.addEventListener("suggestion-choisie", ({ detail }) => this.look(detail));
    field.addEventListener("keydown", (event) => event.key === "Enter" && !event.defaultPrevented && this.lookFor(field.value.trim()));
    this.say.before(box);
  }

  async lookFor(text) {
    if (!text) return;
    try {
      this.look((await this.communesNamed(this.dataset.communes, text))[0]);
    } catch {
      this.say.textContent = this.words("panne");
    }
  }

  look(commune) {
    if (!commune?.latitude) return (this.say.textContent = this.words("inconnu"));
    this.map.setView([commune.latitude, commune.longitude], PLACE);
    this.say.textContent = this.words("ici").replace("{place}", () => commune.libelle);
  }

  // What each sign says; the signs themselves are drawn by the same style as on the map.
  legend() {
    this.signs = Object.assign(document.createElement("ul"), { className: "map__legend" });
    this.signs.setAttribute("role", "list");
    this.signs.setAttribute("aria-label", this.words("legende"));
    const signs = [
      ["map__pin", "une"],
      ["map__pin map__pin--commune", "centre"],
      ["map__group", "plusieurs"],
      ...(this.roads.length ? [["map__stage", "arret"]] : []),
    ];
    for (const [className, word] of signs) {
      const item = document.createElement("li");
      const sign = Object.assign(document.createElement("span"), { className: `${className} map__sign` });
      sign.setAttribute("aria-hidden", "true");
      sign.textContent = { plusieurs: "3", arret: "1" }[word] ?? "";
      item.append(sign, this.words(word));
      this.signs.append(item);
    }
    return this.signs;
  }

  // The road: numbered stages joined by a line, drawn over the fiches for who asks for it.
  async addLayer(address) {
    const answer = await fetch(address);
    if (!answer.ok || !this.map) return;
    const roads = Map.groupBy
      ? Map.groupBy((await answer.json()).features, ({ properties }) => properties.route)
      : new Map([["", (await answer.json()).features]]);
    for (const [name, features] of roads) this.addRoad(name, features);
  }

  addRoad(name, features) {
    const layer = L.layerGroup();
    for (const { geometry, properties } of features) {
      if (geometry.type === "Point") this.stop(geometry, properties).addTo(layer);
      else L.geoJSON(geometry, { style: { className: "map__road" }, interactive: false }).addTo(layer);
    }
    const label = Object.assign(document.createElement("label"), { className: "map__layer" });
    const box = Object.assign(document.createElement("input"), { type: "checkbox" });
    box.addEventListener("change", () => (box.checked ? layer.addTo(this.map) : layer.remove()));
    label.append(box, name ? this.headed(this.words("route"), name) : this.words("route"));
    this.layers.append(label);
  }

  stop({ coordinates: [lon, lat] }, { numeros, etapes }) {
    const text = ({ numero, titre }) => this.headed(`${this.words("etape")} ${numero ?? ""}`.trim(), titre);
    const list = document.createElement("ul");
    for (const etape of etapes) {
      const link = Object.assign(document.createElement("a"), { href: etape.adresse, textContent: text(etape) });
      list.append(document.createElement("li"));
      list.lastChild.append(link);
    }
    const name = etapes.map(text).join(" ; ");
    const size = [Math.max(28, 12 + 9 * numeros.length), 28];
    const icon = L.divIcon({ html: numeros || "•", className: "map__stage", iconSize: size });
    const marker = this.setUpMarker(L.marker([lat, lon], { icon, title: name, zIndexOffset: 500 }), name);
    return marker.bindPopup(list, POPUP).on("popupopen", () => list.querySelector("a").focus({ preventScroll: true }));
  }

  // A popup that closes while it has the focus gives it back to its marker.
  setUpMarker(marker, name) {
    return marker.on({
      add: () => marker.getElement()?.setAttribute("aria-label", name),
      popupopen: ({ popup }) => {
        popup.getElement().querySelector(".leaflet-popup-close-button").setAttribute("aria-label", this.words("fermer"));
      },
      popupclose: ({ popup }) => {
        if (popup.getElement().contains(document.activeElement)) marker.getElement()?.focus();
      },
    });
  }

  soon() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      this.arrange();
    });
  }

  // No name stands under a sign.
  arrange() {
    const signs = [...this.canvas.querySelectorAll(".map__group, .map__pin, .map__stage")];
    this.ground.apart(signs.map((sign) => sign.getBoundingClientRect()));
  }

  async refresh() {
    if (!this.map) return;
    const results = this.querySelector("[data-query]");
    const address = `${this.getAttribute("src")}?${results?.dataset.query ?? ""}`;
    if (address === this.shown) return;
    this.shown = address;
    this.request?.abort();
    this.request = new AbortController();
    this.say.textContent = this.words("attente");
    try {
      const answer = await fetch(address, { signal: this.request.signal });
      if (!answer.ok) throw new Error(answer.status);
      this.draw(await answer.json(), results && "zone" in results.dataset);
    } catch (error) {
      if (error.name === "AbortError") return;
      this.shown = null; // asked for again with the list
      this.say.textContent = this.words("panne");
    }
  }

  draw({ features, nombre = features.length }, isArea) {
    this.group.clearLayers();
    this.group.addLayers(features.map((feature) => this.marker(feature)));
    const part = this.words("limite").replace("{shown}", () => features.length).replace("{number}", () => nombre);
    this.say.textContent = nombre > features.length ? part : "";
    this.areaButton && (this.areaButton.hidden = true);
    this.moved = false;
    const bounds = L.latLngBounds(features.map(({ geometry: { coordinates: [lon, lat] } }) => [lat, lon]));
    const maxZoom = this.dataset.tuiles ? 12 : 10; // nearer, there would be no outline in sight
    if (bounds.isValid() && !isArea) this.map.fitBounds(bounds, { padding: [30, 30], maxZoom, animate: false });
    setTimeout(() => (this.moved = true), 400);
  }

  marker({ id, geometry: { coordinates: [lon, lat] }, properties: { titre, precision } }) {
    const isCommune = precision === "commune";
    const name = isCommune ? `${titre} ${this.words("commune")}` : titre;
    const className = `map__pin${isCommune ? " map__pin--commune" : ""}`;
    const marker = L.marker([lat, lon], { icon: L.divIcon({ className, iconSize: [PIN, PIN] }), title: name });
    return this.setUpMarker(marker, name).on("click keypress", (event) => {
      if (event.type === "click" || event.originalEvent.key === "Enter") this.open(marker, id);
    });
  }

  async open(marker, id) {
    const content = Object.assign(document.createElement("div"), { textContent: this.words("attente") });
    marker.unbindPopup().bindPopup(content, { ...POPUP, maxHeight: this.canvas.clientHeight - AROUND }).openPopup();
    const popup = marker.getPopup();
    try {
      const answer = await fetch(`${this.dataset.apercu}${id}/`);
      if (!answer.ok) throw new Error(answer.status);
      content.innerHTML = await answer.text();
      popup.update();
      if (popup.isOpen()) content.querySelector("a")?.focus({ preventScroll: true });
    } catch {
      content.textContent = this.words("panne");
    }
  }

  ask(values) {
    const form = document.getElementById("filtres");
    for (const name of ["bbox", "autour", "rayon"]) form.elements[name]?.remove();
    for (const [name, value] of Object.entries(values)) {
      form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    }
    form.requestSubmit();
    for (const name of Object.keys(values)) form.querySelector(`:scope > input[name="${name}"]`)?.remove();
  }

  searchArea() {
    const bounds = this.map.getBounds();
    const edges = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
    this.ask({ bbox: edges.map((degrees) => degrees.toFixed(4)).join(",") });
  }

  // Asked for by a click only, and told to nobody more precisely than to the kilometre.
  searchAround() {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => this.ask({ autour: `${coords.latitude.toFixed(2)},${coords.longitude.toFixed(2)}`, rayon: "20" }),
      () => (this.say.textContent = this.words("refus")),
      { timeout: 10000, maximumAge: 600000 },
    );
  }
}

customElements.define("fiche-map", FicheMap);

