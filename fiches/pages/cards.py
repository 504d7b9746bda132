"""The cards of a list, each drawn once for as long as nothing that it shows changes: a question asked anew shows old cards.

A card is true while its row of the register is (``changed_at``) and no name, picture or address that many pages show changed.
"""

from collections import OrderedDict
from contextlib import suppress
from datetime import datetime
from uuid import uuid4

from django.http import HttpRequest
from django.template.loader import get_template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from wagtail.models import Site

from fiches.models import FichePage, Publication
from fiches.publications.kept import incomplete, making
from fiches.publications.version import Reach, memoize
from fiches.query.filtre import FicheFilter
from fiches.query.mots import LATEST

Row = tuple[int, datetime]
"""The key of a fiche, and when its row of the register last changed."""
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
    drawn = _drawn(found.page_rows, request, EXTRACT if extracts else "")
    question = f"?{escape(suite)}" if suite else ""
    return [_filled(card, question, extracts.get(pk, "")) for pk, card in drawn]


def latest_cards(langue: str, request: HttpRequest, number: int) -> list[SafeString]:
    """The cards of the fiches of a language that were published last, the newest first."""
    shown = memoize(("latest", langue, number), lambda: _latest(langue, number))
    return [_filled(card) for _pk, card in _drawn(shown, request, "")]


def _latest(langue: str, number: int) -> list[Row]:
    rows = Publication.objects.visible().in_language(langue).filter(kind="fiche").order_by(*LATEST)
    return list(rows.values_list("object_id", "changed_at")[:number])


def _filled(card: str, question: str = "", extract: str = "") -> SafeString:
    return mark_safe(card.replace(f"?{QUESTION}", question).replace(EXTRACT, extract))  # noqa: S308 - a template made it


def _drawn(rows: list[Row], request: HttpRequest, extract: str) -> list[tuple[int, str]]:
    """``[(key, card)]`` of those that are visible.

    :param rows: ``[(key, when its row of the register last changed)]``.
    """
    site = Site.find_for_request(request)
    kept: OrderedDict[Row, str] = memoize(
        ("cards", site and site.pk, get_language(), bool(extract)), OrderedDict, reach=Reach.EVERYWHERE
    )
    found = {row: kept[row] for row in rows if row in kept}
    if missing := [row for row in rows if row not in found]:
        found |= _draw_and_keep(missing, kept, request, extract)
    for row in found.keys() & kept.keys():
        with suppress(KeyError):  # another thread let it go
            kept.move_to_end(row)
    return [(row[0], found[row]) for row in rows if row in found]


def _draw_and_keep(rows: list[Row], kept: OrderedDict[Row, str], request: HttpRequest, extract: str) -> dict[Row, str]:
    with making() as made:
        cards = _draw([pk for pk, _changed_at in rows], request, extract)
    found = {row: cards[row[0]] for row in rows if row[0] in cards}
    if made.is_incomplete:  # a picture's size could not be made: the next reader tries again
        incomplete()
        return found
    kept.update(found)
    while len(kept) > MOST:
        with suppress(KeyError):
            kept.popitem(last=False)
    return found


def _draw(pks: list[int], request: HttpRequest, extract: str) -> dict[int, str]:
    template = get_template("fiches/_card.html")
    fiches = FichePage.objects.visible().for_cards().only(*SAID).in_bulk(pks)
    for fiche in fiches.values():
        fiche.extrait = extract
    return {pk: template.render({"fiche": fiche, "suite": QUESTION}, request) for pk, fiche in fiches.items()}
