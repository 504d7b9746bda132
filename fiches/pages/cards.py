"""The cards of a list, each rendered once and cached in the process.

A cached card is valid until the ``changed_at`` of its row in the register changes, or there is a change of reach EVERYWHERE (a
name, picture or address that many pages show).
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
from fiches.publications.response_cache import mark_incomplete, track_completeness
from fiches.publications.version import Reach, memoize
from fiches.query.fiche_filter import FicheFilter
from fiches.query.word_search import LATEST

# The key of a fiche, and the ``changed_at`` of its row in the register.
Row = tuple[int, datetime]
# Cards cached per language: about two megabytes.
MOST = 1_000
# The columns of a fiche that its card shows.
_COLUMNS = "path depth url_path locale slug title organisation chapo departement exemple photo"
COLUMNS = [*_COLUMNS.split(), "commune__nom", "commune__latitude", "commune__longitude"]
# Placeholders in a cached card for the query string of its link and for the snippet of the search: random, so that no text holds
# them.
QUESTION, EXTRACT = uuid4().hex, uuid4().hex


def cards(fiche_filter: FicheFilter, request: HttpRequest, suite: str = "") -> list[SafeString]:
    """The cards of the requested page of a :class:`FicheFilter`, in order, with their snippets if words were searched. Cards that
    are not cached cost a constant number of queries.

    :param suite: the query string to add to the links.
    """
    extracts = fiche_filter.extraits()
    drawn = _drawn(fiche_filter.page_rows, request, EXTRACT if extracts else "")
    question = f"?{escape(suite)}" if suite else ""
    return [_filled(card, question, extracts.get(pk, "")) for pk, card in drawn]


def latest_cards(langue: str, request: HttpRequest, number: int) -> list[SafeString]:
    """The cards of the ``number`` fiches of a language published last, the newest first."""
    shown = memoize(("latest", langue, number), lambda: _latest(langue, number))
    return [_filled(card) for _pk, card in _drawn(shown, request, "")]


def _latest(langue: str, number: int) -> list[Row]:
    rows = Publication.objects.visible().in_language(langue).filter(kind="fiche").order_by(*LATEST)
    return list(rows.values_list("object_id", "changed_at")[:number])


def _filled(card: str, question: str = "", extract: str = "") -> SafeString:
    return mark_safe(card.replace(f"?{QUESTION}", question).replace(EXTRACT, extract))  # noqa: S308 - a template made it


def _drawn(rows: list[Row], request: HttpRequest, extract: str) -> list[tuple[int, str]]:
    """``[(key, card)]`` of the visible fiches among ``rows``, from the cache where it has them.

    :param extract: the placeholder of the snippet, or ``""`` for cards without one.
    """
    site = Site.find_for_request(request)
    cache: OrderedDict[Row, str] = memoize(
        ("cards", site and site.pk, get_language(), bool(extract)), OrderedDict, reach=Reach.EVERYWHERE
    )
    cards = {row: cache[row] for row in rows if row in cache}
    if missing := [row for row in rows if row not in cards]:
        cards |= _draw_and_cache(missing, cache, request, extract)
    for row in cards.keys() & cache.keys():
        with suppress(KeyError):  # another thread evicted it
            cache.move_to_end(row)
    return [(row[0], cards[row]) for row in rows if row in cards]


def _draw_and_cache(
    rows: list[Row], cache: OrderedDict[Row, str], request: HttpRequest, extract: str
) -> dict[Row, str]:
    with track_completeness() as made:
        drawn = _draw([pk for pk, _changed_at in rows], request, extract)
    cards = {row: drawn[row[0]] for row in rows if row[0] in drawn}
    if made.is_incomplete:
        mark_incomplete()
        return cards
    cache.update(cards)
    while len(cache) > MOST:
        with suppress(KeyError):
            cache.popitem(last=False)
    return cards


def _draw(pks: list[int], request: HttpRequest, extract: str) -> dict[int, str]:
    template = get_template("fiches/_card.html")
    fiches = FichePage.objects.visible().for_cards().only(*COLUMNS).in_bulk(pks)
    for fiche in fiches.values():
        fiche.extrait = extract
    return {pk: template.render({"fiche": fiche, "suite": QUESTION}, request) for pk, fiche in fiches.items()}
