// Ce que lit la carte (les points et le contour des départements, tels que l’API les donne) et les redirections, que lit l’hébergeur.
export const data = {
  pagination: { data: "monde.fichiers", size: 1, alias: "fichier" },
  permalink: ({ fichier }) => fichier.chemin,
  layout: false,
};
export const render = ({ fichier }) => (typeof fichier.contenu === "string" ? fichier.contenu : JSON.stringify(fichier.contenu));
