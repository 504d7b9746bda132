"""The context of the list of fiches: results of the query in the address, facets, map layers."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest

from fiches.models import FicheIndexPage
from fiches.pages.cards import cards
from fiches.pages.outline_map import GRID, dots, overview
from fiches.query.facets import orders
from fiches.query.fiche_filter import FicheFilter
from fiches.query.map_data import layers
from fiches.query.summary import applied


def fiches_context(index_page: FicheIndexPage, request: HttpRequest) -> dict[str, Any]:
    """Hook ``register_fiche_index_context``: ``recherche`` (the FicheFilter), ``vignettes`` (the cards of the requested page),
    ``pages`` (of the paginator), ``facettes``, ``filtres`` (in force), ``tris`` (sort orders), ``calques`` (map layers), ``points``
    (of the drawn map), ``suite`` (query string of the search)."""
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
