// Reads every resource with openapi-fetch and the types that openapi-typescript made: `node lecture.js <site> <uid> <id>`.
// Prints {path: [number of items, or what was read]}: what isn't in the types doesn't compile.
import createClient from "openapi-fetch";
import type { paths } from "./schema.js";

declare const process: { argv: string[] };

const [site, uid, id] = process.argv.slice(2) as [string, string, string];
const { GET } = createClient<paths>({ baseUrl: site });
const slug = { path: { slug: "recette" } };
const told: Record<string, unknown[]> = {};

function keep(name: string, answer: { data?: unknown; response: Response }, read: unknown) {
  if (!answer.response.ok) throw new Error(`${name}: ${answer.response.status}`);
  (told[name] ??= []).push(read);
}

const fiches = await GET("/api/v1/fiches");
keep("fiches", fiches, fiches.data?.items.map((fiche) => fiche.titre));
const some = await GET("/api/v1/fiches", {
  params: {
    query: {
      q: "recette", departement: ["25"], "centree-sur": ["entreprise"], autour: "47.24,6.02", rayon: 20, bbox: "5,46,7,48",
      id: [Number(id)], uid: [uid], exemple: "0", tri: "titre", page: 1, par_page: 20, langue: "fr",
    },
  },
});
keep("fiches", some, some.data?.items.map((fiche) => fiche.photo?.tailles.grande.formats.length ?? null));
const fiche = await GET("/api/v1/fiches/{slug}", { params: slug });
keep("fiche", fiche, fiche.data?.commune);
const french = await GET("/api/v1/fiches/{slug}", { params: { ...slug, query: { langue: "fr" } } });
keep("fiche", french, french.data?.langue);
const places = await GET("/api/v1/fiches.geojson");
keep("geojson", places, places.data?.features[0]?.geometry.coordinates.length);
const facets = await GET("/api/v1/facettes", { params: { query: { departement: ["25"] } } });
keep("facettes", facets, facets.data?.count);
const alike = await GET("/api/v1/fiches/{slug}/semblables", { params: slug });
keep("semblables", alike, alike.data?.count);
const near = await GET("/api/v1/fiches/{slug}/a-proximite", { params: slug });
keep("a-proximite", near, near.data?.count);
const grid = await GET("/api/v1/grille");
keep("grille", grid, grid.data?.items[0]?.criteres[0]?.slug);
const partners = await GET("/api/v1/partenaires", { params: { query: { exemple: "0" } } });
keep("partenaires", partners, partners.data?.count);
const prizes = await GET("/api/v1/palmares");
keep("palmares", prizes, prizes.data?.count);
const gone = await GET("/api/v1/suppressions", { params: { query: { depuis: "2013-01-01", par_page: 20 } } });
keep("suppressions", gone, gone.data?.items.map((page) => page.slug));
const etapes = await GET("/api/v1/etapes", { params: { query: { departement: ["25"], rayon: 20, page: 1 } } });
keep("etapes", etapes, etapes.data?.items.map((etape) => etape.guichet?.etat));
const etape = await GET("/api/v1/etapes/{slug}", { params: { path: { slug: "besancon" } } });
keep("etape", etape, etape.data?.titre);
const carnets = await GET("/api/v1/carnets");
keep("carnets", carnets, carnets.data?.count);
const carnet = await GET("/api/v1/carnets/{slug}", { params: { path: { slug: "n1" } } });
keep("carnet", carnet, carnet.data?.corps?.map((block) => block.type));
const about = await GET("/api/v1/site");
keep("site", about, about.data?.langues.map((language) => language.code));
const page = await GET("/api/v1/pages", { params: { query: { chemin: "/fiches/recette/" } } });
keep("pages", page, page.data?.items[0]?.fiche?.titre);
const pages = await GET("/api/v1/pages", { params: { query: { type: "accueil", par_page: 1 } } });
keep("pages", pages, pages.data?.items.map((each) => each.chemin));
const former = await GET("/api/v1/redirections", { params: { query: { par_page: 100 } } });
keep("redirections", former, former.data?.items.map((each) => [each.de, each.vers, each.permanente]));
const hits = await GET("/api/v1/recherche", { params: { query: { q: "recette", rayon: 20 } } });
keep("recherche", hits, hits.data?.items.map((hit) => hit.genre));
// With « champs », an item has the keys asked for, and the types say that it may lack any.
const query = { champs: "url" };
const partial = {
  fiches: await GET("/api/v1/fiches", { params: { query } }),
  etapes: await GET("/api/v1/etapes", { params: { query } }),
  carnets: await GET("/api/v1/carnets", { params: { query } }),
  pages: await GET("/api/v1/pages", { params: { query } }),
  palmares: await GET("/api/v1/palmares", { params: { query } }),
};
for (const [name, answer] of Object.entries(partial)) {
  const urls: (string | undefined)[] | undefined = answer.data?.items.map((item) => item.url);
  keep(`${name} par champs`, answer, urls?.length);
}
const named = await GET("/api/v1/partenaires", { params: { query: { champs: "nom" } } });
keep("partenaires par champs", named, named.data?.items.map((partner) => [partner.nom, partner.sigle]));
// @ts-expect-error : an item may lack any key
void fiches.data?.items.map((fiche) => fiche.titre.length);
const draft = await GET("/api/v1/apercu", { params: { query: { token: "x" } } });
told.apercu = [draft.error?.status];
console.log(JSON.stringify(told));
