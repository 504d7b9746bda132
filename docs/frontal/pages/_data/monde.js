// Tout ce que montre le site, lu une fois par construction. Chaque gabarit le reçoit sous le nom « monde ».
import { reglages } from "../../dessin.js";
import { API, SITE, lire, tout } from "../../lecture.js";

export default async function () {
  const { langues, territoire } = await lire("site");
  const sites = {};
  const pages = [];
  for (const { code } of langues) {
    sites[code] = await lire(`site?langue=${code}`);
    pages.push(...(await tout(`pages?langue=${code}&par_page=100`)));
  }
  const [grille, partenaires, prix, route, redirections] = await Promise.all(
    ["grille", "partenaires", "palmares", "etapes?champs=id&par_page=100", "redirections?par_page=100"].map(tout),
  );
  const [points, contours] = await Promise.all(["fiches.geojson", territoire.contours].map(lire));
  // Les anciennes adresses, une par ligne : ce fichier ne connaît que des chemins.
  const menent = redirections.filter(({ de }) => !de.includes("?"));
  const lignes = menent.map(({ de, vers, permanente }) => `${new URL(de, SITE).pathname} ${vers} ${permanente ? 301 : 302}\n`);
  const parId = new Map(pages.map((page) => [page.id, page]));
  // Chaque édition du palmarès a son adresse, sous celle de la page.
  for (const { chemin } of pages.flatMap((page) => page.palmares?.editions ?? []))
    pages.push(...(await lire(`pages?chemin=${chemin}`)).items);
  const parChemin = new Map(pages.map((page) => [page.chemin, page]));
  // Un lien mène à la page de ce site-ci si elle existe, sinon à celle de Rally’nov (dossier, signalement, PDF).
  reglages.lien = (url) => {
    const { origin, pathname, search, hash } = new URL(url, SITE);
    return origin === new URL(SITE).origin && !search && parChemin.has(pathname) ? pathname + hash : url;
  };
  reglages.page = (id) => parId.get(id);
  reglages.prix = (edition) => prix.filter((un) => un.edition === edition);
  return {
    api: API,
    sites,
    pages,
    grille,
    partenaires,
    etapes: route.map(({ id }) => parId.get(id)).filter(Boolean),
    fichiers: [
      { chemin: "/donnees/fiches.geojson", contenu: points },
      { chemin: "/donnees/contours.geojson", contenu: contours },
      { chemin: "/_redirects", contenu: lignes.join("") },
    ],
  };
}
