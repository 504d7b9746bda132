// The ground of a Leaflet map, from files of the site itself: land, waters and names, and nearer the borders of the communes and
// the names of the smallest. Also what brings Leaflet to a page.

const LIMITS_FROM = 9.5;
const WATERS_FROM = 9;
const RANKS = [[12, 7], [50, 9], [400, 11], [Infinity, 12]]; // how many of the largest communes are named, from this zoom on
const UNITS = 10000; // of the borders, in a degree
const BESIDE = 12; // pixels from a town to its name, which a sign may stand between

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

const moved = ({ left, right, top, bottom }, [x, y]) => ({ left: left + x, right: right + x, top: top + y, bottom: bottom + y });

// Where the name of a town may stand, from its place at the right of the dot: there, at the left, above, below, then further, beside
// a sign that covers the dot.
const around = ({ width, height }) => [0, 12, 24].flatMap((far) => [
  [far, 0],
  [-(width + 2 * BESIDE + far), 0],
  [-(width / 2 + BESIDE), -(height / 2 + 5 + far)],
  [-(width / 2 + BESIDE), height / 2 + 5 + far],
]);

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

// The middle of the longest line of a river, or of a lake.
function middle({ type, coordinates }) {
  const lines = type === "Polygon" ? [[L.latLngBounds(coordinates[0].map(([lon, lat]) => [lat, lon])).getCenter()]] : coordinates;
  const longest = lines.reduce((one, other) => (other.length > one.length ? other : one));
  const point = longest[Math.floor(longest.length / 2)];
  return Array.isArray(point) ? [point[1], point[0]] : point;
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
    for (const { geometry, properties } of waters.features) this.water(properties.nom, geometry);
    this.show();
  }

  addTowns(towns) {
    for (const [name, lat, lng] of towns) {
      const [, from] = RANKS.find(([most]) => this.towns < most);
      this.towns += 1;
      const dot = L.circleMarker([lat, lng], { pane: "ground", radius: 3, className: "map__town", interactive: false });
      this.name(dot, name, from, { isTown: true, direction: "right", offset: [BESIDE, 0], className: "map__town-name" });
    }
  }

  // The name of the largest communes' nearest to a point; "" before they are known, and with tiles.
  nearest({ lat, lng }) {
    const far = ([, y, x]) => (y - lat) ** 2 + ((x - lng) * Math.cos((lat * Math.PI) / 180)) ** 2;
    const [name] = this.largest.reduce((one, other) => (far(other) < far(one) ? other : one), this.largest[0] ?? [""]);
    return name;
  }

  water(name, geometry) {
    const point = L.circleMarker(middle(geometry), { pane: "ground", radius: 0, className: "map__water", interactive: false });
    this.name(point, name, WATERS_FROM, { direction: "center", className: "map__town-name map__water-name" });
  }

  name(layer, text, from, { isTown = false, ...options }) {
    this.names.push({ layer: layer.bindTooltip(text, { permanent: true, pane: "names", ...options }), from, isTown });
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
    this.limits = L.polyline(limites.map(unpacked), style);
    this.addTowns(noms);
    this.show();
  }

  // A name stands beside its dot where nothing is written yet, the largest town first: neither over a sign, a name or a dot, nor out
  // of the map. A town without such a place has neither name nor dot. ``taken``: the rectangles of signs.
  apart(taken = this.taken ?? []) {
    this.taken = taken;
    const frame = this.map.getContainer().getBoundingClientRect();
    const shown = this.names.filter(({ layer }) => layer.getTooltip().getElement()?.isConnected);
    const labels = shown.map(({ layer }) => layer.getTooltip().getElement());
    for (const label of labels) label.style.translate = "";
    const boxes = labels.map((label) => label.getBoundingClientRect());
    const dots = shown.map(({ layer }) => layer.getElement().getBoundingClientRect());
    const written = [...taken];
    const isWhole = ({ left, right, top, bottom }) =>
      left >= frame.left && right <= frame.right && top >= frame.top && bottom <= frame.bottom;
    shown.forEach(({ layer, isTown }, index) => {
      const isFree = (box) => isWhole(box) && !written.some((other) => overlap(box, other));
      const isHidden = isTown && (!isWhole(dots[index]) || written.slice(taken.length).some((other) => overlap(dots[index], other)));
      const steps = isTown ? around(boxes[index]) : [[0, 0]];
      const step = isHidden ? undefined : steps.find((each) => isFree(moved(boxes[index], each)));
      labels[index].classList.toggle("map__town-name--under", !step);
      layer.getElement().classList.toggle("map__town--under", !step);
      if (!step) return;
      labels[index].style.translate = `${step[0]}px ${step[1]}px`;
      written.push(moved(boxes[index], step), ...(isTown ? [dots[index]] : []));
    });
  }
}

export { Ground, communesNamed, dress, load, overlap };
