#!/usr/bin/env python3
"""Un site séparé qui montre les fiches de Rally’nov : liste, recherche, fiche, aperçu d’un brouillon.

    python3 frontal.py http://127.0.0.1:8000 8080      puis http://127.0.0.1:8080/

Sans dépendance (Python 3.9+) ; un exemple à lire, en cent lignes, plutôt qu’un produit. Il ne garde rien : chaque page
demande à l’API, qui répond 304 quand rien n’a changé si l’on garde son ETag.
"""

import json
import sys
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.error import HTTPError
from urllib.parse import parse_qs, quote, urlencode, urlsplit
from urllib.request import Request, urlopen

PAGE = """<!doctype html>
<html lang="fr"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{titre}</title>
<header><a href="/">Les innovations</a>
<form role="search" action="/"><label>Chercher <input type="search" name="q" value="{q}"></label> <button>Chercher</button></form>
</header><main>{contenu}</main>
<footer>Source : <a href="{site}">Rally’nov</a>, Licence Ouverte 2.0</footer></html>"""


class RefusError(Exception):
    """L’API refuse, et dit pourquoi (RFC 9457)."""


def lire(api, chemin, **parametres):
    adresse = f"{api}/{chemin}?{urlencode(parametres)}"
    try:
        with urlopen(Request(adresse, headers={"User-Agent": "frontal-rallynov/1.0"}), timeout=30) as reponse:
            return json.load(reponse)
    except HTTPError as erreur:
        raise RefusError(erreur.code, json.load(erreur)["detail"]) from erreur


def liste(api, parametres):
    """Les fiches qui répondent : toute la requête passe telle quelle, filtres compris."""
    page = lire(api, "fiches", **parametres)
    elements = "".join(
        f'<li><a href="/fiche/{quote(fiche["slug"])}">{escape(fiche["titre"])}</a> {escape(fiche["organisation"])}</li>'
        for fiche in page["items"]
    )
    suite = urlsplit(page["next"]).query if page["next"] else ""
    lien = f'<p><a rel="next" href="/?{escape(suite)}">Suite</a></p>' if suite else ""
    return "Les innovations", f"<h1>{page['count']} innovations</h1><ul>{elements}</ul>{lien}"


def fiche(contenu):
    """Une fiche, publiée ou non. ``texte_html`` est déjà nettoyé ; le reste est du texte."""
    photo = contenu["photo"]
    image = f'<img src="{escape(photo["tailles"]["moyenne"]["url"])}" alt="{escape(photo["alt"])}">' if photo else ""
    criteres = [escape(critere["nom"]) for dimension in contenu["grille"] for critere in dimension["criteres"]]
    return contenu["titre"], (
        f"<article><h1>{escape(contenu['titre'])}</h1><p>{escape(contenu['organisation'])}, {escape(contenu['commune'])}</p>"
        f"{image}<p><strong>{escape(contenu['chapo'])}</strong></p>{contenu['texte_html']}<p>{', '.join(criteres)}</p></article>"
    )


def repondre(api, adresse):
    """(statut, titre, contenu) de la page demandée."""
    parties = urlsplit(adresse)
    parametres = {nom: valeurs[-1] for nom, valeurs in parse_qs(parties.query).items()}
    try:
        if "token" in parametres:  # l’aperçu de l’administration ouvre /?content_type=…&token=…
            titre, contenu = fiche(lire(api, "apercu", **parametres))
            return 200, titre, f'<p role="status">Aperçu : cette version n’est pas en ligne.</p>{contenu}'
        if parties.path.startswith("/fiche/"):
            return 200, *fiche(lire(api, f"fiches/{parties.path.removeprefix('/fiche/')}"))
        return 200, *liste(api, parametres)
    except RefusError as refus:
        statut, raison = refus.args
        return statut, "Impossible", f"<h1>Impossible</h1><p>{escape(raison)}</p>"


def serveur(site, port):
    class Pages(BaseHTTPRequestHandler):
        def do_GET(self):
            statut, titre, contenu = repondre(f"{site}/api/v1", self.path)
            q = parse_qs(urlsplit(self.path).query).get("q", [""])[0]
            texte = PAGE.format(titre=escape(titre), contenu=contenu, q=escape(q), site=escape(site))
            self.send_response(statut)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", f"default-src 'none'; img-src {site}; frame-ancestors {site}")
            self.end_headers()
            self.wfile.write(texte.encode())

    return ThreadingHTTPServer(("127.0.0.1", port), Pages)


if __name__ == "__main__":
    serveur(sys.argv[1].rstrip("/"), int(sys.argv[2])).serve_forever()
