// Ce que fait le navigateur : la recherche, la carte, l’aperçu d’un brouillon. Sans lui, tout se lit.
import { html, reglages } from "./dessin.js";
import { contenu } from "./gabarits.js";

const { api } = document.body.dataset;
const demande = new URLSearchParams(location.search);
const main = document.querySelector("main");

async function lire(adresse) {
  const reponse = await fetch(adresse);
  const contenu = await reponse.json();
  if (!reponse.ok) throw new Error(contenu.detail);
  return contenu;
}

async function chercher(q) {
  document.querySelector("[name=q]").value = q;
  const etat = document.querySelector("#reponse");
  try {
    const { count, items } = await lire(`${api}/recherche?${new URLSearchParams({ q })}`);
    etat.textContent = count ? `${count} réponses pour « ${q} »` : `Rien ne répond à « ${q} ». Essayez un autre mot.`;
    // Un document reste chez Rally’nov ; une page a la même adresse ici.
    const adresse = ({ genre, url }) => (genre === "documents" ? url : new URL(url).pathname);
    document.querySelector("#resultats").innerHTML = html`<ul>${items.map((un) => html`<li><a href="${adresse(un)}">${un.titre}</a><p>${un.extrait}</p></li>`)}</ul>`;
  } catch (erreur) {
    etat.textContent = `La recherche ne répond pas : ${erreur.message}`;
  }
}

/** Pour la souris et le doigt : au clavier, la liste sous la carte mène aux mêmes fiches. */
async function montrer_la_carte(boite) {
  const [points, contours] = await Promise.all([lire(boite.dataset.points), lire(boite.dataset.contours)]);
  const carte = L.map(boite);
  const fond = L.geoJSON(contours, { interactive: false, style: { color: "#1f4d3a", weight: 1 } }).addTo(carte);
  carte.fitBounds(fond.getBounds());
  L.geoJSON(points, {
    pointToLayer: (_point, lieu) => L.circleMarker(lieu, { radius: 9, color: "#1f4d3a" }),
    onEachFeature: ({ properties: { titre, organisation, url } }, point) =>
      point.bindPopup(`${html`<a href="${new URL(url).pathname}">${titre}</a><br>${organisation}`}`),
  }).addTo(carte);
}

/** L’administration ouvre /?content_type=…&token=… : le brouillon se dessine avec le même code que la page en ligne. */
async function montrer_le_brouillon(token) {
  try {
    const brouillon = await lire(`${api}/apercu?${new URLSearchParams({ token })}`);
    const ids = [1, ...(brouillon.corps ?? []).flatMap((bloc) => bloc.ids ?? [])]; // 1 : la racine, qui n’est pas publique
    const [{ items: pages }, { items: prix }] = await Promise.all([lire(`${api}/pages?par_page=100&id=${ids}`), lire(`${api}/palmares`)]);
    reglages.page = (id) => pages.find((une) => une.id === id);
    reglages.prix = (edition) => prix.filter((un) => un.edition === edition);
    const page = contenu({}, { type: brouillon.type, [brouillon.type]: brouillon });
    main.innerHTML = html`<p role="status">Aperçu : cette version n’est pas en ligne.</p>${page}`;
  } catch (erreur) {
    main.innerHTML = html`<h1>Pas d’aperçu</h1><p role="status">${erreur.message}</p>`;
  }
}

const boite = document.querySelector("#carte");
if (demande.has("token")) montrer_le_brouillon(demande.get("token"));
else if (document.querySelector("#resultats") && demande.get("q")) chercher(demande.get("q"));
else if (boite) montrer_la_carte(boite);
