// La recherche : le navigateur demande à l’API (statique/frontal.js).
import { cadre, page_a_part } from "../cadre.js";
import { html } from "../dessin.js";

const page = page_a_part("Rechercher", "Chercher dans tout le site.");
export const data = { permalink: "/recherche/index.html" };
export const render = ({ monde }) =>
  cadre(monde, page, html`<h1>Rechercher</h1><p role="status" id="reponse">Tapez un mot en haut de la page.</p><div id="resultats"></div>`);
