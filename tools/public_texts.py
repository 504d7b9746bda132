"""The texts that visitors read, by room: what a translation beside the French one has to hold, whole.

What staff alone read is in French only, and so are the pages that French law imposes (accessibility statement, register
of processing): a language that lacks them shows the French words.
"""

import ast
import re
from pathlib import Path

from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
PUBLIC = {
    "fiches": [
        "templates/fiches/*.html",
        "templates/fiches/blocks/*.html",
        "templates/courriels/*.html",
        "templates/fiches/widgets/*.html",
        "templatetags/*.py",
        "query/[!v]*.py",
        "query/failed_searches.py",
        "query/vocabulaire.py",
        "models/enums.py",
        "models/coordonnees.py",
        "models/placing.py",
        "models/siret.py",
        "models/telephone.py",
        "forms/public_form.py",
        "forms/throttle.py",
        "media/documents.py",
        "media/images.py",
        "territoire/gazetteer.py",
        "territoire/commune_field.py",
        "heures.py",
        "models/champs.py",
    ],
    "fiches/candidatures": [
        "templates/candidatures/*.html",
        "templates/courriels/[!er]*",
        "templates/courriels/re[ft]*",
        "templates/courriels/rappel.*",
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
        "lettres.py",
        "pieces.py",
        "raisons.py",
        "redaction.py",
        "soumission.py",
    ],
    "fiches/diffusion": [
        "templates/diffusion/[_s]*.html",
        "templates/courriels/[as]*",
        "templates/fiches/*.html",
        "templates/diffusion/donnees.html",
        "templates/diffusion/papier*.html",
        "templates/diffusion/integration/*.html",
        "alerts/[!s]*.py",
        "alerts/suivis.py",
        "paper/social_cards.py",
        "embeds/[acfo]*.py",
        "feeds/builder.py",
        "opendata/data_set.py",
        "opendata/exports.py",
        "paper/paper_views.py",
    ],
    "etapes": [
        "templates/etapes/*.html",
        "templates/etapes/blocks/*.html",
        "templates/courriels/*",
        "templatetags/*.py",
        "enums.py",
        "flux.py",
        "integration.py",
        "inscriptions/formulaire.py",
        "inscriptions/lettres.py",
        "inscriptions/ouverture.py",
        "inscriptions/retrouver.py",
        "inscriptions/placement.py",
        "inscriptions/rendez_vous.py",
        "inscriptions/vues.py",
        "ical.py",
        "recherche.py",
    ],
    "etapes/carnets": [
        "templates/carnets/*.html",
        "templates/carnets/blocks/*.html",
        "templates/courriels/[!c]*",
        "templates/courriels/carnet.txt",
        "templates/courriels/carnet_abonnement.*",
        "abonnements.py",
        "flux.py",
        "lettres.py",
        "vues.py",
    ],
    "fiches/palmares": [
        *("templates/palmares/_prix.html", "templates/palmares/palmares_page.html"),
        *("flux.py", "integration.py", "recherche.py"),
    ],
    "search": ["templates/**/*.html", "resultats.py"],
    "home": ["templates/home/[bgp]*.html", "templates/home/content_page.html", "templates/home/home_page.html"]
    + ["templates/home/_[hlp]*.html", "templatetags/*.py", "partenaires.py", "bibliographie.py", "audit.py"],
    "site": ["../templates/*.html", "../templates/components/*.html", "config/errors.py"],
}
# How many texts each takes.
FUNCTIONS = {"_": 1, "gettext": 1, "gettext_lazy": 1, "ngettext": 2, "ngettext_lazy": 2}
# What declares a mail, by a name for the staff alone, and the mails that only staff get.
LETTERS, TO_STAFF = {"Wording", "letter"}, {"equipe", "recapitulatif", "carnet_essai", "TRIAL"}
# The names of the table of a fiche's fields that hold help for the staff.
HELP = {"AGREED", "KEPT_PRIVATE", "KEPT_PRIVATE_BELOW"}
# What declares a field of a fiche, and how many of its first arguments visitors read; its help is for the staff
# alone.
FIELDS = {"Champ": 4, "contact": 3, "partner_contact": 0}
STRING = r"""[ru]*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
CALL = re.compile(rf"\b(n?gettext|_)\({STRING}(?:\s*,\s*{STRING})?")


def public_texts() -> dict[str, list[str | tuple[str, str]]]:
    """``{room: [text, or (one, several)]}``.

    :raises FileNotFoundError: a pattern names no file: what it named moved.
    """
    if not settings.configured:
        settings.configure()
    found = {}
    for room, patterns in PUBLIC.items():
        named = {pattern: list((ROOT / room).glob(pattern)) for pattern in patterns}
        if lost := [pattern for pattern, files in named.items() if not files]:
            raise FileNotFoundError(f"{room}: {', '.join(lost)}")
        files = sorted({file for files in named.values() for file in files})
        found[room] = list(dict.fromkeys(text for file in files for text in _texts(file)))
    return found


def _texts(file: Path) -> list[str | tuple[str, str]]:
    source = file.read_text(encoding="utf-8")
    if file.suffix != ".py":
        # What this makes of a template is not quite Python: its calls are read one by one.
        calls = CALL.findall(templatize(source, origin=str(file)))
        return [_message([str(ast.literal_eval(text)) for text in texts if text]) for _function, *texts in calls]
    reader = _Reader()
    reader.visit(ast.parse(source))
    return reader.found


class _Reader(ast.NodeVisitor):
    """Gathers the texts of a module, but for those of mails that only staff read."""

    def __init__(self) -> None:
        self.found: list[str | tuple[str, str]] = []

    def visit_Call(self, node: ast.Call) -> None:
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        if name in FUNCTIONS:
            texts = [each.value for each in node.args[: FUNCTIONS[name]] if isinstance(each, ast.Constant)]
            if texts and all(isinstance(each, str) for each in texts):
                self.found.append(_message([str(each) for each in texts]))
        if name in LETTERS:
            node = ast.Call(node.func, node.args[1:], node.keywords)
        if name in FIELDS:
            said = [keyword for keyword in node.keywords if keyword.arg != "help"]
            node = ast.Call(node.func, node.args[: FIELDS[name]], said)
        self.generic_visit(node)

    def visit_Dict(self, node: ast.Dict) -> None:
        for key, value in zip(node.keys, node.values, strict=True):
            if not (isinstance(key, ast.Constant) and key.value in TO_STAFF):
                self.visit(value)

    def visit_Assign(self, node: ast.Assign) -> None:
        if not any(getattr(each, "id", "") in TO_STAFF | HELP for each in node.targets):
            self.generic_visit(node)


def _message(texts: list[str]) -> str | tuple[str, str]:
    return (texts[0], texts[1]) if len(texts) > 1 else texts[0]
