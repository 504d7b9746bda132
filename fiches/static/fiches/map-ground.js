// The ground of a Leaflet map, from files of the site itself: land, waters and names, and nearer the borders of the communes and
// the names of the smallest. Also what brings Leaflet to a page.

const LIMITS_FROM = 9.5;
const RANKS = [[12, 7], [50, 9], [400, 11], [Infinity, 12]]; // how many of the largest communes are named, from this zoom on
const UNITS = 10000; // of the borders, in a degree
const BESIDE = 24; // pixels from a town to its name, which a sign may stand between

function load(tag, attributes) {
  const address = attributes.src;
  const known = document.querySelector(`${tag}[data-for-map="${address}"]`);
  if (known) return known.ready;
  const element = Object.assign(document.createElement(tag), attributes);
  element.dataset.forMap = address;
  element.ready = new Promise((resolve, reject) => {
    element.onload = resolve;
    element.onerror = () => reject(new Error(address));
  });
  document.head.append(element);
  return element.ready;
}

// The vendored style sheets, in a layer that ours overrule.
const sheets = new Map();
function dress(address) {
  if (!sheets.has(address)) {
    const add = async () => {
      const answer = await fetch(address);
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(`@layer components.leaflet {${await answer.text()}}`);
      document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
    };
    sheets.set(address, add());
  }
  return sheets.get(address);
}

function overlap(one, other) {
  return one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
}

const asked = async (address) => {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(address);
  return answer.json();
};

// The communes that answer to a name or a postcode, from `address`.
function communesNamed(address, text) {
  const url = new URL(address, document.baseURI);
  url.searchParams.set("q", text);
  return asked(url).then(({ communes }) => communes);
}

// [x, y, dx, dy, dx, dy…] in units → [[latitude, longitude]…]
function unpacked(numbers) {
  const points = [];
  let [x, y] = [0, 0];
  for (let i = 0; i < numbers.length; i += 2) {
    x += numbers[i];
    y += numbers[i + 1];
    points.push([y / UNITS, x / UNITS]);
  }
  return points;
}

// addresses: `fond` (the départements), `eaux` (rivers and lakes), `villes` (the names of the largest communes), `limites` (what is
// shown nearer).
class Ground {
  constructor(map, addresses, { hasTiles = false } = {}) {
    Object.assign(this, { map, addresses, hasTiles, names: [], towns: 0, largest: [] });
    this.ground = this.pane("ground", 350); // under the roads
    this.labels = this.pane("names", 450); // over the roads, under the signs
    map.on("moveend", () => this.show());
  }

  pane(name, order) {
    const pane = this.map.createPane(name);
    pane.style.zIndex = order;
    pane.setAttribute("aria-hidden", "true"); // the signs and the list say all
    return pane;
  }

  async draw() {
    const { fond, eaux, villes } = this.addresses;
    const more = this.hasTiles ? [] : [asked(eaux), asked(villes)];
    const [land, waters = { features: [] }, towns = []] = await Promise.all([asked(fond), ...more]);
    if (!this.map.getContainer().isConnected) return;
    L.geoJSON([...land.features, ...waters.features], {
      pane: "ground",
      interactive: false,
      style: ({ properties: { genre = "departement" } }) => ({ className: `map__ground map__ground--${genre}` }),
    }).addTo(this.map);
    this.largest = towns;
    this.addTowns(towns);
    this.show();
  }

  addTowns(towns) {
    for (const [name, lat, lng] of towns) {
      const [, from] = RANKS.find(([most]) => this.towns < most);
      this.towns += 1;
      const dot = L.circleMarker([lat, lng], { pane: "ground", radius: 3, className: "map__town", interactive: false });
      const beside = { permanent: true, pane: "names", direction: "right", offset: [BESIDE, 0], className: "map__town-name" };
      this.names.push({ layer: dot.bindTooltip(name, beside), from });
    }
  }

  // The name of the largest communes' nearest to a point; "" before they are known, and with tiles.
  nearest({ lat, lng }) {
    const far = ([, y, x]) => (y - lat) ** 2 + ((x - lng) * Math.cos((lat * Math.PI) / 180)) ** 2;
    const [name] = this.largest.reduce((one, other) => (far(other) < far(one) ? other : one), this.largest[0] ?? [""]);
    return name;
  }

  // What there is to see from here, and nothing else: a page of 1,700 names would be slow.
  show() {
    const zoom = this.map.getZoom();
    const seen = this.map.getBounds().pad(0.1);
    for (const { layer, from } of this.names) {
      if (zoom >= from && seen.contains(layer.getLatLng())) layer.addTo(this.map);
      else layer.remove();
    }
    if (zoom >= LIMITS_FROM && !this.hasTiles) this.near ??= this.comeNearer().catch(() => (this.near = null));
    this.limits?.[zoom >= LIMITS_FROM ? "addTo" : "removeFrom"](this.map);
    this.apart();
  }

  async comeNearer() {
    const { limites, noms } = await asked(this.addresses.limites);
    if (!this.map.getContainer().isConnected) return;
    const style = { pane: "ground", className: "map__ground map__ground--limite", interactive: false };
    this.limits = Array.isArray(limites) ? L.polyline(limites.map(unpacked), style) : L.geoJSON(limites, { ...style, style });
    this.addTowns(noms);
    this.show();
  }

  // A name that would stand over a sign or the name of a larger town is hidden, with its dot. ``taken``: the rectangles of signs.
  apart(taken = this.taken ?? []) {
    this.taken = taken;
    const written = [...taken];
    for (const { layer } of this.names) {
      const label = layer.getTooltip().getElement();
      if (!label?.isConnected) continue;
      const box = label.getBoundingClientRect();
      const isUnder = written.some((other) => overlap(box, other));
      label.classList.toggle("map__town-name--under", isUnder);
      layer.getElement().classList.toggle("map__town--under", isUnder);
      if (!isUnder) written.push(box);
    }
  }
}

export { Ground, communesNamed, dress, load };
