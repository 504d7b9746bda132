// What a program does with docs/clients/rallynov.ts: `node essai.js <site>`. What isn't in the types doesn't compile.
import { rallynov, Refus } from "./rallynov.js";

declare const process: { argv: string[] };

const { lire, tout } = rallynov(process.argv[2]!);
const { titre, commune } = await lire("/api/v1/fiches/{slug}", { slug: "recette" });
const titles: string[] = [];
for await (const fiche of tout("/api/v1/fiches", { departement: ["25"], tri: "titre", par_page: 1 })) titles.push(fiche.titre);
const partial: (string | undefined)[][] = [];
for await (const fiche of tout("/api/v1/fiches", { tri: "titre", champs: "titre" })) partial.push([fiche.titre, fiche.url]);
const { langue } = await lire("/api/v1/site", {});
const refused = await lire("/api/v1/fiches", { departement: ["99" as "25"] }).catch((error: unknown) => error);
if (!(refused instanceof Refus)) throw refused;
// @ts-expect-error : it is not a list
void (() => tout("/api/v1/site", {}));
// @ts-expect-error : the name of the fiche is missing
void (() => lire("/api/v1/fiches/{slug}", {}));
// @ts-expect-error : with « champs », an item may lack any key
void (async () => (await lire("/api/v1/fiches", { champs: "url" })).items.map((fiche) => fiche.titre.length));
const why = Object.keys(refused.probleme.parametres ?? {});
console.log(JSON.stringify({ fiche: [titre, commune], "page après page": titles, partielles: partial, site: langue, refus: why }));
