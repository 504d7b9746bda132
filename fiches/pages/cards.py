"""The cards of a list, each drawn once for a version of what the public may find: a question asked anew shows old cards."""

from collections import OrderedDict
from contextlib import suppress
from uuid import uuid4

from django.http import HttpRequest
from django.template.loader import get_template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from wagtail.models import Site

from fiches.models import FichePage, Publication
from fiches.publications.version import memoize
from fiches.query.filtre import FicheFilter
from fiches.query.mots import LATEST

MOST = 1_000
"""Cards kept in each language: some two megabytes."""
_SAID = "path depth url_path locale slug title organisation chapo departement exemple photo commune__nom"
SAID = _SAID.split()
"""All that a card says and leads to."""
QUESTION, EXTRACT = uuid4().hex, uuid4().hex
"""Stand in a kept card for the question that its link carries along, and for the passage that has its words; no text can
hold them."""


def cards(found: FicheFilter, request: HttpRequest, suite: str = "") -> list[SafeString]:
    """The cards of the page that a :class:`FicheFilter` asks for, in order, with ``suite`` in their links, each with its
    extract where words were asked for. Those that are not kept cost a constant number of queries."""
    extracts = found.extraits()
    drawn = _drawn(found.page_ids, request, EXTRACT if extracts else "")
    question = f"?{escape(suite)}" if suite else ""
    return [_filled(card, question, extracts.get(pk, "")) for pk, card in drawn]


def latest_cards(langue: str, request: HttpRequest, number: int) -> list[SafeString]:
    """The cards of the fiches of a language that were published last, the newest first."""
    rows = Publication.objects.visible().in_language(langue).filter(kind="fiche").order_by(*LATEST)
    pks = list(rows.values_list("object_id", flat=True)[:number])
    return [_filled(card) for _pk, card in _drawn(pks, request, "")]


def _filled(card: str, question: str = "", extract: str = "") -> SafeString:
    return mark_safe(card.replace(f"?{QUESTION}", question).replace(EXTRACT, extract))  # noqa: S308 - a template made it


def _drawn(pks: list[int], request: HttpRequest, extract: str) -> list[tuple[int, str]]:
    """``[(key, card)]`` of those that are visible."""
    site = Site.find_for_request(request)
    drawn: OrderedDict[int, str] = memoize(("cards", site and site.pk, get_language(), bool(extract)), OrderedDict)
    found = {pk: drawn[pk] for pk in pks if pk in drawn}
    if missing := [pk for pk in pks if pk not in found]:
        found |= _draw(missing, request, extract)
    for pk in found:
        drawn[pk] = found[pk]
        drawn.move_to_end(pk)
    while len(drawn) > MOST:
        with suppress(KeyError):  # another thread let it go
            drawn.popitem(last=False)
    return [(pk, found[pk]) for pk in pks if pk in found]


def _draw(pks: list[int], request: HttpRequest, extract: str) -> dict[int, str]:
    template = get_template("fiches/_card.html")
    fiches = FichePage.objects.visible().for_cards().only(*SAID).in_bulk(pks)
    for fiche in fiches.values():
        fiche.extrait = extract
    return {pk: template.render({"fiche": fiche, "suite": QUESTION}, request) for pk, fiche in fiches.items()}
