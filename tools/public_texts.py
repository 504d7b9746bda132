"""Extracts the texts that visitors read: a translation other than French must contain all of them.

Texts for staff are in French only, and so are the pages that French law requires (accessibility statement, register of
processing); in other languages they are shown in French.
"""

import ast
import re
from pathlib import Path

from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
# Patterns of the files with public texts, relative to the folder.
PUBLIC = {
    "fiches": [
        "templates/fiches/*.html",
        "templates/fiches/blocks/*.html",
        "templates/courriels/*.html",
        "templates/fiches/widgets/*.html",
        "templatetags/*.py",
        "query/facets.py",
        "query/fiche_filter.py",
        "query/parsers.py",
        "query/summary.py",
        "query/failed_searches.py",
        "query/spelling.py",
        "models/enums.py",
        "models/coordinates.py",
        "models/location.py",
        "models/siret.py",
        "models/telephone.py",
        "forms/public_form.py",
        "forms/throttle.py",
        "media/documents.py",
        "media/images.py",
        "territoire/gazetteer.py",
        "territoire/commune_field.py",
        "formats.py",
        "models/champs.py",
    ],
    "fiches/candidatures": [
        "templates/candidatures/*.html",
        "templates/courriels/[!er]*",
        "templates/courriels/re[ft]*",
        "templates/courriels/rappel.*",
        "templates/candidatures/widgets/*.html",
        "templatetags/*.py",
        "views/start.py",
        "views/bon_a_tirer.py",
        "views/signalement.py",
        "views/steps.py",
        "autofill.py",
        "progress.py",
        "consentements.py",
        "enums.py",
        "forms.py",
        "question_fields.py",
        "dossier_transitions.py",
        "mails.py",
        "pieces.py",
        "answers.py",
        "submission.py",
    ],
    "fiches/diffusion": [
        "templates/diffusion/[_s]*.html",
        "templates/courriels/[as]*",
        "templates/fiches/*.html",
        "templates/diffusion/donnees.html",
        "templates/diffusion/papier*.html",
        "templates/diffusion/integration/*.html",
        "alerts/mails.py",
        "alerts/views.py",
        "alerts/suivis.py",
        "paper/social_cards.py",
        "embeds/appearance.py",
        "embeds/frame_views.py",
        "embeds/embed_codes.py",
        "embeds/accent_colours.py",
        "embeds/credits.py",
        "embeds/fiche_embeds.py",
        "embeds/forms.py",
        "embeds/oembed.py",
        "embeds/page_embed.py",
        "feeds/atom_json.py",
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
        "feeds.py",
        "etape_embeds.py",
        "inscriptions/registration_forms.py",
        "inscriptions/mails.py",
        "inscriptions/availability.py",
        "inscriptions/link_recovery.py",
        "inscriptions/registration_transitions.py",
        "inscriptions/date_and_place.py",
        "inscriptions/views.py",
        "ical.py",
        "search_extensions.py",
    ],
    "etapes/carnets": [
        "templates/carnets/*.html",
        "templates/carnets/blocks/*.html",
        "templates/courriels/[!c]*",
        "templates/courriels/carnet.txt",
        "templates/courriels/carnet_abonnement.*",
        "carnet_subscriptions.py",
        "feeds.py",
        "mails.py",
        "views.py",
    ],
    "fiches/palmares": [
        "templates/palmares/_prix.html",
        "templates/palmares/palmares_page.html",
        "feeds.py",
        "palmares_embed.py",
        "prize_filter.py",
    ],
    "search": [
        "templates/**/*.html",
        "search_results.py",
    ],
    "home": [
        "templates/home/[bgp]*.html",
        "templates/home/content_page.html",
        "templates/home/home_page.html",
        "templates/home/_[hlp]*.html",
        "templatetags/*.py",
        "partner_contributions.py",
        "reference_filter.py",
        "audit.py",
    ],
    "site": [
        "../templates/*.html",
        "../templates/components/*.html",
        "config/errors.py",
    ],
}
# Gettext functions, and how many of their first arguments are texts.
FUNCTIONS = {"_": 1, "gettext": 1, "gettext_lazy": 1, "ngettext": 2, "ngettext_lazy": 2}
# Calls that declare a mail (their first argument is a name for staff), and names of the mails to staff.
LETTERS, TO_STAFF = {"Wording", "letter"}, {"equipe", "recapitulatif", "carnet_essai", "TRIAL"}
# Variables of fiches/models/champs.py with help texts for staff.
HELP = {"AGREED", "KEPT_PRIVATE", "KEPT_PRIVATE_BELOW"}
# Calls that declare a field of a fiche, and how many of their first arguments visitors read. `help` is for staff.
FIELDS = {"Champ": 4, "contact": 3, "partner_contact": 0}
STRING = r"""[ru]*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
CALL = re.compile(rf"\b(n?gettext|_)\({STRING}(?:\s*,\s*{STRING})?")


def public_texts() -> dict[str, list[str | tuple[str, str]]]:
    """Returns ``{folder: [text, or (singular, plural)]}``.

    :raises FileNotFoundError: a pattern of ``PUBLIC`` matches no file.
    """
    if not settings.configured:
        settings.configure()
    texts_by_room = {}
    for room, patterns in PUBLIC.items():
        matches = {pattern: list((ROOT / room).glob(pattern)) for pattern in patterns}
        if lost := [pattern for pattern, files in matches.items() if not files]:
            raise FileNotFoundError(f"{room}: {', '.join(lost)}")
        files = sorted({file for files in matches.values() for file in files})
        texts_by_room[room] = list(dict.fromkeys(text for file in files for text in _texts(file)))
    return texts_by_room


def _texts(file: Path) -> list[str | tuple[str, str]]:
    source = file.read_text(encoding="utf-8")
    if file.suffix != ".py":
        # templatize() does not return valid Python: calls are extracted with a regular expression.
        calls = CALL.findall(templatize(source, origin=str(file)))
        return [_message([str(ast.literal_eval(text)) for text in texts if text]) for _function, *texts in calls]
    reader = _Reader()
    reader.visit(ast.parse(source))
    return reader.texts


class _Reader(ast.NodeVisitor):
    """Collects the texts of a module, except those for staff."""

    def __init__(self) -> None:
        self.texts: list[str | tuple[str, str]] = []

    def visit_Call(self, node: ast.Call) -> None:
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        if name in FUNCTIONS:
            texts = [each.value for each in node.args[: FUNCTIONS[name]] if isinstance(each, ast.Constant)]
            if texts and all(isinstance(each, str) for each in texts):
                self.texts.append(_message([str(each) for each in texts]))
        if name in LETTERS:
            node = ast.Call(node.func, node.args[1:], node.keywords)
        if name in FIELDS:
            keywords = [keyword for keyword in node.keywords if keyword.arg != "help"]
            node = ast.Call(node.func, node.args[: FIELDS[name]], keywords)
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
