import { cadre, page_a_part } from "../cadre.js";
import { html } from "../dessin.js";

export const data = { permalink: "/404.html" };
export const render = ({ monde }) =>
  cadre(monde, page_a_part("Page introuvable", ""), html`<h1>Page introuvable</h1><p>Cette page n’existe pas, ou plus. Cherchez-la en haut de la page.</p>`);
