// <rallynov-integration type="liste" filtres="departement=25" theme="clair" accent="…"><a href="…">…</a></rallynov-integration>
// Web component that shows an embed on a partner's page. The link inside stays until it is loaded, or if loading fails.
// Stores nothing, sends no cookie, and makes requests to this file's host only. The server adds MOTS and COULEURS before this file.

const HERE = new URL(".", import.meta.url);
const THEMES = ["clair", "sombre", "auto"];

const DARK = `${COULEURS.sombre} color-scheme: dark;`;
const STYLE = `
:host { display: block; }
:host([hidden]) { display: none; }
.r {
  all: initial; display: block; box-sizing: border-box; padding: 1em; border-radius: .25em; font: inherit;
  font-style: normal; line-height: 1.5; overflow-wrap: break-word; container-type: inline-size;
  ${COULEURS.clair} color-scheme: light;
  background: var(--fond); color: var(--encre);
}
.r[data-theme="sombre"] { ${DARK} }
@media (prefers-color-scheme: dark) { .r[data-theme="auto"] { ${DARK} } }
.r * { box-sizing: border-box; }
.titre { margin: 0 0 .8em; font-size: 1.25em; font-weight: 700; line-height: 1.25; }
.liste { display: grid; gap: 1em; grid-template-columns: repeat(auto-fill, minmax(min(100%, 16em), 1fr)); margin: 0; padding: 0; list-style: none; }
.element { display: flex; flex-direction: column; position: relative; border: 1px solid var(--filet); border-radius: .25em; background: var(--carte); overflow: clip; }
.image { margin: 0; background: var(--creux); }
.image img { display: block; inline-size: 100%; block-size: auto; aspect-ratio: 3 / 2; object-fit: cover; }
.corps { display: flex; flex: 1; flex-direction: column; gap: .25em; padding: .75em 1em; }
.corps > * { margin: 0; }
.sur { order: -1; color: var(--or); font-size: .875em; font-weight: 700; }
.nom { font-size: 1.125em; font-weight: 700; line-height: 1.25; }
.nom a { color: var(--accent); text-decoration: underline; text-underline-offset: .15em; }
.nom a::after { content: ""; position: absolute; inset: 0; }
.texte { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 4; line-clamp: 4; overflow: hidden; }
.faits, .marques { display: flex; flex-wrap: wrap; gap: .15em .75em; margin: 0; padding: 0; list-style: none; font-size: .875em; }
.faits { margin-block-start: auto; padding-block-start: .5em; color: var(--encre-douce); }
.marques li { padding: .1em .5em; border: 1px solid currentcolor; border-radius: .25em; color: var(--or); font-weight: 700; }
.credit-image, .pied, .erreurs { font-size: .875em; color: var(--encre-douce); }
.credit-image { padding: .25em .5em; font-size: .75em; }
.pied { margin-block-start: 1em; }
.pied p, .erreurs { margin: .25em 0 0; }
.suite { display: inline-block; padding: .5em 1em; border-radius: .25em; background: var(--accent); color: var(--sur-accent); font-weight: 700; text-decoration: none; }
.suite:hover { text-decoration: underline; }
a:focus-visible { outline: .1875em solid var(--accent); outline-offset: .1875em; }
.nom a:focus-visible { outline: none; }
.element:has(.nom a:focus-visible) { outline: .1875em solid var(--accent); outline-offset: .1875em; }
iframe { display: block; inline-size: 100%; border: 0; }
@media print { .suite { border: 1px solid; } }
`;

let sheet;
function shared() {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
  }
  return sheet;
}

// Texts from the server are set as text, never parsed as markup.
function make(tag, className, content = [], attributes = {}) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  for (const [name, value] of Object.entries(attributes)) if (value) element.setAttribute(name, value);
  element.append(...[content].flat());
  return element;
}

function link(className, text, address) {
  const url = new URL(address, HERE);
  return make("a", className, text, /^https?:$/.test(url.protocol) ? { href: url.href } : {});
}

class Integration extends HTMLElement {
  static observedAttributes = ["type", "nom", "filtres", "theme", "accent", "hauteur", "niveau"];

  connectedCallback() {
    if (!this.shadowRoot && !("adoptedStyleSheets" in Document.prototype)) return;
    if (!this.shadowRoot) {
      this.attachShadow({ mode: "open" }).append(document.createElement("slot"));
      this.shadowRoot.adoptedStyleSheets = [shared()];
    }
    this.watcher = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      this.watcher.disconnect();
      this.seen = true;
      this.show();
    }, { rootMargin: "300px" });
    this.watcher.observe(this);
  }

  disconnectedCallback() {
    this.watcher?.disconnect();
    this.request?.abort();
    this.seen = false;
  }

  attributeChangedCallback(name, before, after) {
    if (this.seen && before !== after) this.show();
  }

  get look() {
    const asked = this.getAttribute("theme");
    return THEMES.includes(asked) ? asked : THEMES[0];
  }

  address(name) {
    const part = [this.getAttribute("type") || "liste", this.getAttribute("nom")].filter(Boolean);
    const url = new URL(`${part.map(encodeURIComponent).join("/")}/${name}`, HERE);
    url.search = this.getAttribute("filtres") ?? "";
    for (const key of ["theme", "accent"]) {
      if (this.hasAttribute(key)) url.searchParams.set(key, this.getAttribute(key));
    }
    return url;
  }

  async show() {
    this.request?.abort();
    if (MOTS.cadres.includes(this.getAttribute("type"))) return this.put(this.frame());
    this.request = new AbortController();
    const options = { credentials: "omit", mode: "cors", signal: this.request.signal };
    let answer, told;
    try {
      answer = await fetch(this.address("contenu.json"), options);
      told = await answer.json();
    } catch {
      return; // the link inside stays
    }
    if (answer.ok) this.put(...this.contents(told));
    else if (answer.status === 404) this.put(make("p", "titre", told.message), this.foot(MOTS.retour, told.url, []));
  }

  put(...children) {
    const isFrame = children[0].localName === "iframe";
    const box = isFrame ? children[0] : make("section", "r", children, { lang: MOTS.langue, "data-theme": this.look });
    if (!isFrame) box.setAttribute("aria-label", children[0].textContent);
    this.shadowRoot.replaceChildren(box);
  }

  frame() {
    const height = Number.parseInt(this.getAttribute("hauteur"), 10) || 560;
    const frame = make("iframe", "", [], { title: MOTS.carte, height: String(height), loading: "lazy" });
    frame.referrerPolicy = "origin";
    frame.src = this.address("").href;
    return frame;
  }

  contents(told) {
    this.colour(told.couleurs);
    const level = Math.min(5, Math.max(1, Number.parseInt(this.getAttribute("niveau"), 10) || 2));
    const list = make("ul", "liste", told.elements.map((element) => this.element(element, level + 1)), { role: "list" });
    const errors = Object.entries(told.erreurs).map(([name, text]) => make("p", "erreurs", `${name}\u00a0: ${text}`));
    const body = told.elements.length ? list : make("p", "", told.vide);
    return [make(`h${level}`, "titre", told.titre), ...errors, body, this.foot(told.suite, told.url, told.credits)];
  }

  colour(colours) {
    const own = new CSSStyleSheet();
    if (colours) {
      const set = ([accent, on]) => `{ --accent: ${accent}; --sur-accent: ${on}; }`;
      own.replaceSync(`.r ${set(colours.clair)} .r[data-theme="sombre"] ${set(colours.sombre)}
        @media (prefers-color-scheme: dark) { .r[data-theme="auto"] ${set(colours.sombre)} }`);
    }
    this.shadowRoot.adoptedStyleSheets = [shared(), own];
  }

  element({ titre, url, sur, texte, pied, marques, image }, level) {
    const facts = (className, texts) =>
      texts.length ? [make("ul", className, texts.map((text) => make("li", "", text)), { role: "list" })] : [];
    const body = make("div", "corps", [
      make(`h${level}`, "nom", link("", titre, url)),
      ...(sur ? [make("p", "sur", sur)] : []),
      ...(texte ? [make("p", "texte", texte)] : []),
      ...facts("marques", marques),
      ...facts("faits", pied),
    ]);
    return make("li", "element", [...(image ? [this.picture(image)] : []), body]);
  }

  picture({ url, largeur, hauteur, alt, credit }) {
    const figure = make("figure", "image");
    const picture = make("img", "", [], { width: String(largeur), height: String(hauteur), loading: "lazy", decoding: "async" });
    picture.alt = alt;
    picture.referrerPolicy = "no-referrer";
    picture.addEventListener("error", () => figure.remove()); // a page may allow no picture from here
    picture.src = url;
    figure.append(picture, ...(credit ? [make("figcaption", "credit-image", credit)] : []));
    return figure;
  }

  foot(text, address, credits) {
    return make("div", "pied", [make("p", "", link("suite", text, address)), ...credits.map((credit) => make("p", "", credit))]);
  }
}

customElements.get("rallynov-integration") || customElements.define("rallynov-integration", Integration);
