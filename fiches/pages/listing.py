"""What the list of the fiches shows: the answer to the query in the address, as a list, as facets and as a map."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest

from fiches.models import FicheIndexPage
from fiches.pages.cards import cards
from fiches.query.facettes import applied, orders
from fiches.query.filtre import FicheFilter
from fiches.query.map import layers


def fiches_context(index_page: FicheIndexPage, request: HttpRequest) -> dict[str, Any]:
    """``recherche`` (the FicheFilter), ``vignettes`` (the cards of this page), ``pages``, ``facettes``, ``filtres``, ``tris``."""
    found = FicheFilter.parse(request.GET)
    suite = found.querystring(sans=("page", "par_page"))
    return {
        "recherche": found,
        "vignettes": cards(found, request, suite),
        "pages": Paginator(range(found.count), found.par_page).page(found.page),
        "facettes": found.facets(),
        "filtres": applied(found),
        "tris": orders(found),
        "calques": layers(request),
        "suite": suite,
    }
