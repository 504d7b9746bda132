"""The texts that visitors read, by room: what a translation beside the French one has to hold, whole.

What staff alone read is in French only, and so are the pages that French law imposes (accessibility statement, register
of processing): a language that lacks them shows the French words.
"""

import ast
import io
import re
from pathlib import Path

from babel.messages.extract import extract_python
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
PUBLIC = {
    "fiches": [
        "templates/fiches/*.html",
        "templates/fiches/blocks/*.html",
        "recherche/[!v]*.py",
        "recherche/vaines.py",
        "recherche/vocabulaire.py",
        "enums.py",
        "formulaire_public.py",
        "documents.py",
        "images.py",
        "limites.py",
        "siret.py",
        "telephone.py",
    ],
    "fiches/candidatures": [
        "templates/candidatures/*.html",
        "templates/candidatures/widgets/*.html",
        "templatetags/*.py",
        "views/[!e]*.py",
        "views/etapes.py",
        "aides.py",
        "avancement.py",
        "consentements.py",
        "enums.py",
        "formulaires.py",
        "historique.py",
        "pieces.py",
        "redaction.py",
        "soumission.py",
    ],
    "fiches/diffusion": [
        "templates/diffusion/[_s]*.html",
        "templates/fiches/*.html",
        "templates/diffusion/papier_indisponible.html",
        "alertes/vues.py",
        "flux.py",
    ],
    "etapes": [
        "templates/etapes/*.html",
        "enums.py",
        "inscriptions/formulaire.py",
        "inscriptions/ouverture.py",
        "inscriptions/rendez_vous.py",
        "inscriptions/vues.py",
        "ical.py",
        "recherche.py",
    ],
    "etapes/carnets": ["templates/carnets/*.html"],
    "fiches/palmares": ["templates/palmares/_prix.html", "templates/palmares/palmares_page.html", "recherche.py"],
    "search": ["templates/**/*.html", "resultats.py"],
    "home": ["templates/home/[bgp]*.html", "templates/home/content_page.html", "templates/home/home_page.html"]
    + ["templates/home/_[hlp]*.html", "partenaires.py", "bibliographie.py", "audit.py"],
    "site": ["../templates/*.html", "../templates/components/*.html", "config/errors.py"],
}
FUNCTIONS = {"_": None, "gettext": None, "gettext_lazy": None, "ngettext": (1, 2), "ngettext_lazy": (1, 2)}
STRING = r"""[ru]*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
CALL = re.compile(rf"\b(n?gettext|_)\({STRING}(?:\s*,\s*{STRING})?")


def public_texts() -> dict[str, list[str | tuple[str, str]]]:
    """``{room: [text, or (one, several)]}``."""
    if not settings.configured:
        settings.configure()
    found = {}
    for room, patterns in PUBLIC.items():
        files = sorted({file for pattern in patterns for file in (ROOT / room).glob(pattern)})
        found[room] = list(dict.fromkeys(text for file in files for text in _texts(file)))
    return found


def _texts(file: Path) -> list[str | tuple[str, str]]:
    source = file.read_text(encoding="utf-8")
    if file.suffix == ".html":
        # What this makes of a template is not quite Python: its calls are read one by one.
        calls = CALL.findall(templatize(source, origin=str(file)))
        return [_message([str(ast.literal_eval(text)) for text in texts if text]) for _function, *texts in calls]
    found = extract_python(io.BytesIO(source.encode()), FUNCTIONS, [], {})
    return [
        _message([text for text in texts if text] if isinstance(texts, tuple) else [str(texts)])
        for _line, _function, texts, _comments in found
    ]


def _message(texts: list[str]) -> str | tuple[str, str]:
    return (texts[0], texts[1]) if len(texts) > 1 else texts[0]
