// Ce qui entoure chaque page : en-tête, menu, fil d’Ariane, pied, et ce que lisent les moteurs de recherche.
import { brut, html, lien, liste } from "./dessin.js";

// « < » est écrit autrement : un titre ne ferme pas la balise.
const jsonld = (objet) => brut(JSON.stringify(objet).replaceAll("<", "\\u003c"));

const traduction = ({ langue, chemin }) => html`<a lang="${langue}" hreflang="${langue}" href="${chemin}">${langue}</a>`;

export function cadre(monde, page, contenu) {
  const site = monde.sites[page.langue];
  const tete = page.referencement;
  const liens = (menu) => liste(menu.map((un) => lien(un.url, un.libelle)));
  return html`<!doctype html><html lang="${page.langue}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
  <title>${tete.titre} – ${site.nom}</title><meta name="description" content="${tete.description}">
  ${page.url && html`<link rel="canonical" href="${page.url}">`}
  ${page.traductions.map((autre) => html`<link rel="alternate" hreflang="${autre.langue}" href="${autre.chemin}">`)}
  ${tete.image && html`<meta property="og:image" content="${tete.image.url}">`}
  ${tete.jsonld.map((objet) => html`<script type="application/ld+json">${jsonld(objet)}</script>`)}
  <link rel="stylesheet" href="/statique/frontal.css"><script type="module" src="/statique/frontal.js"></script></head>
  <body data-api="${monde.api}"><a class="evitement" href="#contenu">Aller au contenu</a>
  <header><p><a href="${new URL(site.url).pathname}">${site.nom}</a> ${site.sous_titre}</p>
  <nav aria-label="Menu">${liens(site.menu)}</nav>
  <form role="search" action="/recherche/"><label>Chercher <input type="search" name="q"></label> <button>Chercher</button></form>
  ${page.traductions.length > 0 && html`<nav aria-label="Langues">${liste(page.traductions.map(traduction))}</nav>`}</header>
  ${page.fil.length > 1 && html`<nav class="fil" aria-label="Vous êtes ici">${liste(page.fil.slice(0, -1).map((une) => lien(une.url, une.titre)))}</nav>`}
  <main id="contenu">${contenu}</main>
  <footer><nav aria-label="Pied de page">${liens([...site.pied, ...site.obligatoires])}</nav><p>${site.editeur.nom}. ${site.licence}</p></footer>
  </body></html>`.toString();
}

/** Une page qui n’est pas dans l’API : la recherche, l’adresse inconnue. */
export const page_a_part = (titre, description) => ({
  langue: "fr",
  fil: [],
  traductions: [],
  referencement: { titre, description, image: null, jsonld: [] },
});
