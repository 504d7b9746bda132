// Comment se dessinent les morceaux de l’API. Ce fichier sert à construire les pages, et au navigateur pour l’aperçu d’un brouillon.

/** Ce que la construction sait de plus : où mène un lien, quelle page a ce numéro, quels prix ont été remis une année. */
export const reglages = { lien: (url) => url, page: () => null, prix: () => [] };

class Html extends String {}
const SIGNES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const ecrit = (valeur) => {
  if (Array.isArray(valeur)) return valeur.map(ecrit).join("");
  if (valeur instanceof Html) return valeur;
  if (valeur === null || valeur === undefined || valeur === false) return "";
  return String(valeur).replace(/[&<>"]/g, (signe) => SIGNES[signe]);
};

/** html`<p>${texte}</p>` : tout ce qui entre est échappé, sauf ce qui est déjà du HTML. */
export const html = (parties, ...valeurs) => new Html(String.raw({ raw: parties }, ...valeurs.map(ecrit)));

/** Du HTML déjà sûr. */
export const brut = (texte) => new Html(texte);

/** Le texte riche de l’API est déjà nettoyé ; ses liens mènent d’abord à nos pages. */
export const riche = (texte) =>
  brut(texte.replace(/(?<=href=")[^"]*/g, (url) => ecrit(reglages.lien(url.replaceAll("&amp;", "&")))));

/** « mardi 16 avril 2013 » ; une étape peut être annoncée avant sa date. */
export const jour = (date) =>
  date ? new Intl.DateTimeFormat("fr", { dateStyle: "full", timeZone: "UTC" }).format(new Date(date)) : "date à préciser";
export const lien = (url, texte) => html`<a href="${reglages.lien(url)}">${texte}</a>`;
export const liste = (elements) => elements.length > 0 && html`<ul>${elements.map((un) => html`<li>${un}</li>`)}</ul>`;
const si = (valeur, dessin) => (valeur && valeur.length !== 0 ? dessin(valeur) : "");

// --- Images et blocs ------------------------------------------------------------------------------------------------------

/** Deux tailles, deux formats (le meilleur d’abord), le texte de remplacement, le crédit. */
export function image(photo, legende = "") {
  if (!photo) return "";
  const { moyenne, grande } = photo.tailles;
  const source = ({ type }, rang) =>
    html`<source type="${type}" sizes="(min-width: 50rem) 48rem, 100vw"
      srcset="${moyenne.formats[rang].url} ${moyenne.largeur}w, ${grande.formats[rang].url} ${grande.largeur}w">`;
  const mots = [legende, photo.credit && `© ${photo.credit}`].filter(Boolean).join(" – ");
  return html`<figure><picture>${moyenne.formats.map(source)}
    <img src="${moyenne.formats.at(-1).url}" alt="${photo.alt}" width="${moyenne.largeur}" height="${moyenne.hauteur}" loading="lazy"></picture>
    ${si(mots, () => html`<figcaption>${mots}</figcaption>`)}</figure>`;
}

const BLOCS = {
  texte: ({ html: texte }) => riche(texte),
  titre: ({ titre }) => html`<h2>${titre}</h2>`,
  citation: ({ texte, auteur, fonction }) =>
    html`<blockquote><p>« ${texte} »</p>${si([auteur, fonction].filter(Boolean), (qui) => html`<footer>${qui.join(", ")}</footer>`)}</blockquote>`,
  image: ({ image: photo, legende }) => image(photo, legende),
  galerie: ({ images }) => html`<div class="galerie">${images.map((une) => image(une.image, une.legende))}</div>`,
  chiffres_cles: ({ chiffres }) =>
    html`<dl class="chiffres">${chiffres.map(({ valeur, libelle }) => html`<div><dt>${libelle}</dt><dd>${valeur}</dd></div>`)}</dl>`,
  mise_en_oeuvre: ({ etapes }) =>
    html`<ol>${etapes.map(({ quand, titre, texte }) => html`<li><strong>${quand && `${quand} : `}${titre}</strong> ${texte}</li>`)}</ol>`,
  // Une vidéo est un lien : la lire ici appellerait un autre site sans le demander au lecteur.
  video: ({ adresse, titre, duree, vignette, transcription }) =>
    html`${image(vignette)}<p><a href="${adresse}">${titre}${duree && ` (${duree})`}</a></p>
    ${si(transcription, () => html`<details><summary>Transcription</summary>${riche(transcription)}</details>`)}`,
  document: ({ titre, url, format, octets }) =>
    html`<p><a href="${url}">${titre} (${format}${octets && `, ${Math.ceil(octets / 1000)} ko`})</a></p>`,
  fiches: ({ titre, ids }) => html`<h3>${titre}</h3>${cartes(ids.map(reglages.page).filter(Boolean), 4)}`,
  etapes: ({ titre, ids }) => html`<h3>${titre}</h3>${cartes(ids.map(reglages.page).filter(Boolean), 4)}`,
  prix: ({ titre, edition }) => html`<h3>${titre}</h3>${palmares(reglages.prix(edition))}`,
};
/** Un bloc qu’une autre application ajoute est montré par son HTML. */
export const blocs = (corps) => corps.map((bloc) => BLOCS[bloc.type]?.(bloc) ?? si(bloc.html, riche));

// --- Ce qui se montre en liste ----------------------------------------------------------------------------------------------

/** Une page dans une liste ; son titre est au niveau « rang ». */
export function carte(page, rang = 2) {
  const sur = page.fiche?.organisation ?? (page.etape && jour(page.etape.date)) ?? "";
  const photo = page.photo?.tailles.vignette;
  const exemple = (page.fiche ?? page.etape ?? page.carnet)?.exemple;
  return html`${si(photo, ({ url, largeur, hauteur }) => html`<img src="${url}" alt="" width="${largeur}" height="${hauteur}" loading="lazy">`)}
    <h${rang}>${lien(page.url, page.titre)}</h${rang}>
    <p>${sur}${exemple && html` <small>exemple</small>`}</p>`;
}
export const cartes = (pages, rang) => html`<ul class="cartes">${pages.map((page) => html`<li>${carte(page, rang)}</li>`)}</ul>`;
export const palmares = (prix) =>
  liste(prix.map((un) => html`<strong>${un.libelle}</strong>${un.exemple && html` <small>exemple</small>`}, ${un.categorie} : ${lien(un.url, un.fiche?.titre ?? un.edition)}. ${un.citation}`));

// --- Une fiche, en ligne ou en aperçu ----------------------------------------------------------------------------------------

export const contact = ({ nom, fonction, telephone, courriel }) => [
  html`${[nom, fonction].filter(Boolean).join(", ")}`,
  si(telephone, () => html` <a href="tel:${telephone.replaceAll(" ", "")}">${telephone}</a>`),
  si(courriel, () => html` <a href="mailto:${courriel}">${courriel}</a>`),
];
export const partenaire = (un) =>
  html`${un.site ? html`<a href="${un.site}">${un.nom}</a>` : un.nom}${un.contact && html`, ${contact(un.contact)}`}${un.mention && html`. ${un.mention}`}`;

export function fiche(une) {
  const lieu = [une.adresse, [une.code_postal, une.commune].filter(Boolean).join(" ")].filter(Boolean).join(", ");
  return html`<article><p>${une.organisation}${une.exemple && html` <small>exemple</small>`}</p><h1>${une.titre}</h1>
    ${image(une.photo)}<p class="chapo">${une.chapo}</p>${blocs(une.corps)}
    <section><h2>En pratique</h2><dl>
    ${une.grille.map(({ nom, criteres }) => html`<dt>${nom}</dt><dd>${criteres.map((critere) => critere.nom).join(", ")}</dd>`)}
    ${si(lieu, () => html`<dt>Où</dt><dd>${lieu}</dd>`)}
    ${si(une.contact, () => html`<dt>Contact</dt><dd>${contact(une.contact)}</dd>`)}
    ${si(une.site, () => html`<dt>Site</dt><dd><a href="${une.site}">${une.site}</a></dd>`)}
    ${si(une.mots_cles, (mots) => html`<dt>Mots-clés</dt><dd>${mots.join(", ")}</dd>`)}
    ${si(une.partenaire, (qui) => html`<dt>Repérée par</dt><dd>${partenaire(qui)}</dd>`)}
    ${si(une.financeurs, (eux) => html`<dt>Financée par</dt><dd>${liste(eux.map(partenaire))}</dd>`)}
    ${si(une.prix, (eux) => html`<dt>Prix</dt><dd>${liste(eux.map((un) => `${un.libelle}, ${un.categorie} (${un.edition})`))}</dd>`)}
    ${si(une.etapes, (elles) => html`<dt>Présentée à</dt>
      <dd>${liste(elles.map((etape) => lien(etape.url, `${etape.titre}, ${jour(etape.date)}`)))}</dd>`)}
    </dl>${si(une.pdf, () => html`<p><a href="${une.pdf}">La fiche en PDF</a></p>`)}</section></article>`;
}
