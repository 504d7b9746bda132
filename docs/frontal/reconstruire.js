// Construit le site : `node reconstruire.js`. Avec un port, attend ensuite les webhooks, et reconstruit à chacun :
// `RALLYNOV_SECRET=whsec_… node reconstruire.js 8081`. Le site se fait à côté, puis prend la place de l’ancien d’un seul geste :
// une page retirée disparaît, et un échec ne change rien.
import { spawn } from "node:child_process";
import { existsSync, renameSync, rmSync } from "node:fs";
import { resolve } from "node:path";

const SITE = resolve(import.meta.dirname, process.env.SORTIE ?? "_site");
const ELEVENTY = "node_modules/@11ty/eleventy/cmd.cjs";
const [PORT] = process.argv.slice(2);
let enCours = false;
let encore = false;

/** Un message reçu pendant une construction en demande une autre, une seule. */
function reconstruire() {
  if (enCours) return void (encore = true);
  enCours = true;
  rmSync(`${SITE}.neuf`, { recursive: true, force: true });
  const env = { ...process.env, SORTIE: `${SITE}.neuf` };
  const eleventy = spawn(process.execPath, [ELEVENTY, "--quiet"], { cwd: import.meta.dirname, stdio: "inherit", env });
  eleventy.on("exit", (code) => {
    if (code === 0) prendre_la_place();
    else if (!PORT) process.exitCode = 1;
    enCours = false;
    if (encore) reconstruire((encore = false));
  });
}

function prendre_la_place() {
  if (existsSync(SITE)) renameSync(SITE, `${SITE}.ancien`);
  renameSync(`${SITE}.neuf`, SITE);
  rmSync(`${SITE}.ancien`, { recursive: true, force: true });
}

reconstruire();
if (PORT) {
  const { ecouter } = await import("../clients/crochet.mjs");
  ecouter(Number(PORT), reconstruire);
}
