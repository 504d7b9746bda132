"""The cards of a list, each in the language of its fiche."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.template.loader import get_template

from fiches import content_language
from fiches.models import FicheIndexPage, FichePage, Publication
from fiches.pages.outline_map import GRID, dots, overview
from fiches.publications.version import memoize
from fiches.query.facets import orders
from fiches.query.fiche_filter import FicheFilter
from fiches.query.map_data import layers
from fiches.query.summary import applied
from fiches.query.word_search import LATEST


def cards(fiche_filter: FicheFilter, request: HttpRequest, suite: str = "") -> list[str]:
    """The cards of the requested page of a :class:`FicheFilter`, in order, with their snippets if words were searched. A constant
    number of queries.

    :param suite: the query string to add to the links.
    """
    return _shown(fiche_filter.page_ids, request, f"?{suite}" if suite else "", fiche_filter.extraits())


def latest_cards(langue: str, request: HttpRequest, number: int) -> list[str]:
    """The cards of the ``number`` fiches of a language published last, the newest first."""
    return _shown(memoize(("latest", langue, number), lambda: _latest(langue, number)), request)


def _latest(langue: str, number: int) -> list[int]:
    rows = Publication.objects.visible().fiches_here(langue).order_by(*LATEST)
    return list(rows.values_list("object_id", flat=True)[:number])


def _shown(
    pks: list[int], request: HttpRequest, question: str = "", extracts: dict[int, str] | None = None
) -> list[str]:
    """The cards of the visible fiches among ``pks``, in their order. A constant number of queries."""
    template, extracts = get_template("fiches/_card.html"), extracts or {}
    shown = FichePage.objects.visible().for_cards().in_bulk(pks)
    cards = []
    for fiche in (shown[pk] for pk in pks if pk in shown):
        context = {"fiche": fiche, "adresse": f"{fiche.get_url(request)}{question}", "extrait": extracts.get(fiche.pk)}
        with content_language.in_language_of(fiche):
            cards.append(template.render(context))
    return cards


def fiches_context(index_page: FicheIndexPage, request: HttpRequest) -> dict[str, Any]:
    """Hook ``register_fiche_index_context``: ``recherche`` (the FicheFilter), ``vignettes`` (the cards of the requested page),
    ``pages`` (of the paginator), ``facettes``, ``filtres`` (in force), ``tris`` (sort orders), ``calques`` (map layers),
    ``points`` (of the drawn map), ``suite`` (query string of the search)."""
    fiche_filter = FicheFilter.parse(request.GET)
    suite, narrowed = fiche_filter.querystring(sans=("page", "par_page")), fiche_filter.narrowing
    return {
        "recherche": fiche_filter,
        "vignettes": cards(fiche_filter, request, suite),
        "pages": Paginator(range(fiche_filter.count), fiche_filter.par_page).page(fiche_filter.page),
        "facettes": fiche_filter.facets(),
        "filtres": applied(fiche_filter),
        "tris": orders(fiche_filter),
        "calques": layers(request),
        "points": dots(fiche_filter.places(), grid=GRID) if narrowed else overview(fiche_filter.langue)["points"],
        "suite": suite,
    }
