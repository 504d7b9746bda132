export default function (eleventy) {
  eleventy.addPassthroughCopy({ statique: "statique", "dessin.js": "statique/dessin.js", "gabarits.js": "statique/gabarits.js", "node_modules/leaflet/dist": "leaflet" });
  return { dir: { input: "pages", output: process.env.SORTIE ?? "_site" } };
}
