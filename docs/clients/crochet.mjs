// Reçoit les webhooks de Rally’nov : `RALLYNOV_SECRET=whsec_… node crochet.mjs 8080`. Sans dépendance (Node 20+).
// Répond 204 à un message signé par le secret depuis moins de cinq minutes, 401 à tout autre.
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";

const TOLERANCE = 300; // secondes
const cle = Buffer.from(process.env.RALLYNOV_SECRET.slice("whsec_".length), "base64");

/** L’en-tête peut porter plusieurs signatures : une seule doit être la bonne. */
function estSigne(entetes, corps) {
  const { "webhook-id": identifiant = "", "webhook-timestamp": instant = "", "webhook-signature": signatures = "" } = entetes;
  if (!/^\d+$/.test(instant) || Math.abs(Date.now() / 1000 - Number(instant)) > TOLERANCE) return false;
  const signe = Buffer.concat([Buffer.from(`${identifiant}.${instant}.`), corps]);
  const attendue = Buffer.from(`v1,${createHmac("sha256", cle).update(signe).digest("base64")}`);
  return signatures
    .split(" ")
    .map((recue) => Buffer.from(recue))
    .some((recue) => recue.length === attendue.length && timingSafeEqual(recue, attendue));
}

/** Appelle `recevoir(message)` à chaque message signé. Un message peut arriver deux fois, sous le même webhook-id : ne le traitez
 * qu’une fois. */
export function ecouter(port, recevoir) {
  createServer(async (requete, reponse) => {
    const morceaux = [];
    for await (const morceau of requete) morceaux.push(morceau);
    const corps = Buffer.concat(morceaux);
    const accepte = estSigne(requete.headers, corps);
    reponse.writeHead(accepte ? 204 : 401).end();
    if (accepte) recevoir(JSON.parse(corps));
  }).listen(port, "127.0.0.1");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  ecouter(Number(process.argv[2]), ({ type, data }) => console.log(type, data.url ?? ""));
}
