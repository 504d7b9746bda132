#!/usr/bin/env python3
"""Tient une copie exacte des fiches de Rally’nov : `python3 miroir.py https://rallynov.example copie.json`, une fois par jour.

Sans dépendance (Python 3.9+). La copie : {"depuis": instant, "fiches": {identifiant: fiche}}.
"""

import json
import sys
from datetime import timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import Request, urlopen

RECOUVREMENT = timedelta(minutes=5)  # ce qui se publiait pendant la dernière lecture est relu


def lire(adresse):
    """(contenu, instant de la réponse)."""
    with urlopen(Request(adresse, headers={"User-Agent": "miroir-rallynov/1.0"}), timeout=30) as reponse:
        return json.load(reponse), parsedate_to_datetime(reponse.headers["Date"])


def tout(adresse):
    """Chaque élément d’une liste, page après page."""
    while adresse:
        page, _instant = lire(adresse)
        yield from page["items"]
        adresse = page["next"]


def synchroniser(site, copie):
    api, fiches = f"{site.rstrip('/')}/api/v1", dict(copie.get("fiches", {}))
    filtre = {"depuis": copie["depuis"]} if copie.get("depuis") else {}
    _grille, maintenant = lire(f"{api}/grille")
    for fiche in tout(f"{api}/fiches?{urlencode({**filtre, 'par_page': 100})}"):
        fiches[str(fiche["id"])] = fiche
    for retiree in tout(f"{api}/suppressions?{urlencode({**filtre, 'par_page': 100})}"):
        fiches.pop(str(retiree["id"]), None)
    return {"depuis": (maintenant - RECOUVREMENT).isoformat(), "fiches": fiches}


if __name__ == "__main__":
    fichier = Path(sys.argv[2])
    copie = json.loads(fichier.read_text("utf-8")) if fichier.exists() else {}
    fichier.write_text(json.dumps(synchroniser(sys.argv[1], copie), ensure_ascii=False), "utf-8")
