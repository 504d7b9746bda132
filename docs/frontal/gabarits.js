// Le contenu de chaque type de page. Un type que ce site ne connaît pas encore se dessine comme une page de texte.
import { blocs, cartes, fiche, html, image, jour, lien, liste, palmares, partenaire } from "./dessin.js";

const tete = (page) => html`<h1>${page.titre}</h1>${page.introduction && html`<p class="chapo">${page.introduction}</p>`}`;
const corps = (page) => html`${tete(page)}${image(page.photo)}${blocs(page.corps)}`;
const du = (monde, page, type) => monde.pages.filter((autre) => autre.type === type && autre.langue === page.langue);
const recentes = (pages) => pages.toSorted((a, b) => (b.publie_le ?? "").localeCompare(a.publie_le ?? ""));
const dansLaLangue = (pages, { langue }) => pages.filter((autre) => autre.langue === langue);
const heures = ({ debut, fin }) => [debut, fin].filter(Boolean).join(" – ");

const TRAITEMENT = {
  finalite: "Pourquoi",
  base_legale: "De quel droit",
  personnes: "Sur qui",
  donnees: "Quelles données",
  destinataires: "Qui les lit",
  duree: "Combien de temps",
  mesures: "Comment elles sont protégées",
};
const ROLES = { financeur: "Financent", copilote: "Copilotent", maitre_d_oeuvre: "Mettent en œuvre", organisateur: "Organisent", associe: "Sont associés" };

const moment = (un) =>
  html`${heures(un)} <strong>${un.titre}</strong> ${un.intervenants} ${blocs([{ type: "texte", html: un.html }])}`;

function etape({ etape: une }) {
  return html`<article><p>${jour(une.date)}${une.debut && `, ${heures(une)}`}${une.exemple && html` <small>exemple</small>`}</p>
    <h1>${une.titre}</h1>${image(une.photo)}<p class="chapo">${une.chapo}</p>
    ${une.etat !== "prevue" && html`<p><strong>${{ complete: "Complète", reportee: "Reportée", annulee: "Annulée" }[une.etat]}</strong></p>`}
    <section><h2>En pratique</h2><dl><dt>Où</dt><dd>${[une.lieu, une.adresse, une.commune].filter(Boolean).join(", ")}</dd>
    ${une.acces && html`<dt>Venir</dt><dd>${une.acces}</dd>`}
    ${une.accessibilite && html`<dt>Accessibilité</dt><dd>${une.accessibilite}</dd>`}
    ${une.organisateurs.length > 0 && html`<dt>Qui organise</dt><dd>${liste(une.organisateurs.map(partenaire))}</dd>`}</dl>
    ${une.guichet.url && html`<p><a href="${une.guichet.url}">S’inscrire</a></p>`}${une.ics && html`<p><a href="${une.ics}">Ajouter à mon agenda</a></p>`}</section>
    ${une.compte_rendu.length > 0 && html`<h2>Compte rendu</h2>${blocs(une.compte_rendu)}`}
    ${une.programme.length > 0 && html`<h2>Programme</h2>${liste(une.programme.map(moment))}`}
    ${une.fiches.length > 0 && html`<h2>Innovations présentées</h2>
      ${liste(une.fiches.map((autre) => lien(autre.url, `${autre.titre}, ${autre.organisation}`)))}`}</article>`;
}

const reference = (une) => {
  const titre = une.adresse ? html`<a href="${une.adresse}">${une.titre}</a>` : une.titre;
  const suite = [une.revue, une.editeur, une.annee].filter(Boolean).map((mot) => `, ${mot}`);
  return html`${une.auteurs.join(" ; ")}. <cite lang="${une.langue || "fr"}">${titre}</cite>${suite}. ${une.note}`;
};

const heure = (instant) => new Intl.DateTimeFormat("fr", { dateStyle: "full", timeStyle: "short", timeZone: "Europe/Paris" }).format(new Date(instant));
const attente = ({ etat, resultats_le: quand, categories }) =>
  ({ jugement: "Le jury étudie les innovations.", annonce: quand && `Résultats le ${heure(quand)}.`, publie: categories.length === 0 && "Le jury n’a donné aucun prix." })[etat];

/** Une édition du palmarès : ses prix s’ils sont connus, sinon ses catégories ; comment le jury note, et qui il est. */
const edition = (une) => html`<p>${une.nom}${une.exemple && html` <small>exemple</small>`}</p><p class="chapo">${une.introduction}</p>
  ${attente(une) && html`<p>${attente(une)}</p>`}
  ${une.categories.map(({ nom, description, prix }) => html`<h2>${nom}</h2><p>${description}</p>${palmares(prix)}`)}
  ${une.criteres.length > 0 && html`<h2>Comment le jury note</h2><p>Chaque critère va de 0 à ${une.note_maximale}. ${une.echelle}</p>
    <dl>${une.criteres.map(({ nom, definition, poids }) => html`<dt>${nom} (compte ${poids} fois)</dt><dd>${definition}</dd>`)}</dl>`}
  ${une.jury.length > 0 && html`<h2>Le jury</h2>${liste(une.jury.map(({ nom, fonction }) => [nom, fonction].filter(Boolean).join(", ")))}`}`;

const GABARITS = {
  fiche: (_monde, page) => fiche(page.fiche),
  etape: (_monde, page) => etape(page),
  carnet: (_monde, { carnet: un }) => html`<article><h1>${un.titre}</h1><p class="chapo">${un.chapo}</p>${blocs(un.corps)}</article>`,
  accueil: (monde, page) => html`${corps(page)}
    ${page.accueil.action && html`<p>${lien(page.accueil.action.url, page.accueil.action.titre)}</p>`}
    <h2>Dernières innovations</h2>${cartes(recentes(du(monde, page, "fiche")).slice(0, 6), 3)}`,
  liste_des_fiches: (monde, page) => html`${corps(page)}
    <div id="carte" role="region" aria-label="Carte des innovations"
      data-points="/donnees/fiches.geojson" data-contours="/donnees/contours.geojson"></div>
    <script src="/leaflet/leaflet.js" defer></script><link rel="stylesheet" href="/leaflet/leaflet.css">
    ${cartes(recentes(du(monde, page, "fiche")))}`,
  liste_des_etapes: (monde, page) => html`${corps(page)}${cartes(dansLaLangue(monde.etapes, page))}`,
  liste_des_carnets: (monde, page) => html`${corps(page)}${cartes(du(monde, page, "carnet"))}`,
  palmares: (_monde, { palmares: { affichee, editions }, ...page }) => html`${corps(page)}
    ${editions.filter((une) => une.edition === affichee).map(edition)}
    ${editions.length > 1 && html`<nav aria-labelledby="editions"><h2 id="editions">Autres éditions</h2>
      ${liste(editions.filter((une) => une.edition !== affichee).map((une) => lien(une.url, une.nom)))}</nav>`}`,
  grille: (monde, page) => html`${corps(page)}
    ${monde.grille.map((une) => html`<h2>${une.nom}</h2><p>${une.definition}</p>
      <dl>${une.criteres.map(({ nom, definition }) => html`<dt>${nom}</dt><dd>${definition}</dd>`)}</dl>`)}`,
  partenaires: (monde, page) => html`${corps(page)}
    ${Object.entries(ROLES).map(([role, titre]) => {
      const eux = monde.partenaires.filter((un) => un.roles.includes(role));
      return eux.length > 0 && html`<h2>${titre}</h2>${liste(eux.map((un) => html`${partenaire(un)}. ${un.presentation}`))}`;
    })}`,
  bibliographie: (_monde, page) => html`${corps(page)}
    ${liste(page.bibliographie.references.map(reference))}`,
  confidentialite: (_monde, page) => html`${corps(page)}<h2>Le registre des traitements</h2>
    ${page.confidentialite.traitements.map((un) => html`<details><summary>${un.nom}</summary><dl>
      ${Object.entries(TRAITEMENT).map(([cle, titre]) => html`<dt>${titre}</dt><dd>${un[cle]}</dd>`)}</dl></details>`)}`,
};
const page_de_texte = (_monde, page) => html`${corps(page)}${liste(page.sous_pages.map((autre) => lien(autre.url, autre.titre)))}`;

export const contenu = (monde, page) => (GABARITS[page.type] ?? page_de_texte)(monde, page);
