// Une page par page de Rally’nov, à la même adresse. (« page » est un mot d’Eleventy : la nôtre s’appelle « feuille ».)
import { cadre } from "../cadre.js";
import { contenu } from "../gabarits.js";

export const data = {
  pagination: { data: "monde.pages", size: 1, alias: "feuille" },
  permalink: ({ feuille }) => `${feuille.chemin}index.html`,
};
export const render = ({ monde, feuille }) => cadre(monde, feuille, contenu(monde, feuille));
