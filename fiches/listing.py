"""What the list of the fiches shows: the answer to the query in the address, as a list, as facets and as a map."""

from django.core.paginator import Paginator


def fiches_context(index_page, request):
    """``recherche`` (the FicheFilter), ``vignettes`` or ``fiches`` (those of this page), ``pages``, ``facettes``, ``filtres``, ``tris``."""
    from fiches.recherche.calques import layers
    from fiches.recherche.facettes import applied, orders
    from fiches.recherche.filtre import FicheFilter

    found = FicheFilter.parse(request.GET)
    suite = found.querystring(sans=("page", "par_page"))
    return {
        "recherche": found,
        **_shown(found, request, suite),
        "pages": Paginator(range(found.count), found.par_page).page(found.page),
        "facettes": found.facets(),
        "filtres": applied(found),
        "tris": orders(found),
        "calques": layers(request),
        "suite": suite,
    }


def _shown(found, request, suite):
    """``vignettes``, the cards; with words, each with its extract."""
    from fiches.vignettes import cards

    if found.q:
        return {"fiches": found.fiches()}
    return {"vignettes": cards(found.page_ids, request, suite)}
