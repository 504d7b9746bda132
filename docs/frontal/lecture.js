// Lit l’API de Rally’nov. Rien d’autre dans ce dossier ne sait qu’elle existe.
export const SITE = (process.env.RALLYNOV_SITE ?? "http://127.0.0.1:8000").replace(/\/$/, "");
export const API = `${SITE}/api/v1`;

/** Le contenu d’une ressource ; un refus dit pourquoi (RFC 9457) et arrête tout : mieux vaut l’ancien site qu’un site à trous. */
export async function lire(adresse) {
  const reponse = await fetch(adresse.startsWith("http") ? adresse : `${API}/${adresse}`);
  const contenu = await reponse.json();
  if (!reponse.ok) throw new Error(`${adresse} : ${reponse.status}, ${contenu.detail}`);
  return contenu;
}

/** Tous les éléments d’une liste, page après page. */
export async function tout(adresse) {
  const elements = [];
  for (let suite = adresse; suite; ) {
    const page = await lire(suite);
    elements.push(...page.items);
    suite = page.next;
  }
  return elements;
}
