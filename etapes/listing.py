"""What the pages of the road show."""

from django.template.loader import render_to_string
from django.utils.translation import get_language
from wagtail.documents import get_document_model
from wagtail.models import Site

from etapes.route import current, routes
from fiches.media.access import open_to_readers
from fiches.models import FichePage
from fiches.publications.version import Reach, memoize


def etapes_context(index_page):
    """`road`, of the visible étapes under ``index_page``, and whether they have a feed."""
    from etapes.models import EtapePage

    has_feed = hasattr(index_page, "route_flux_atom")  # where `fiches.diffusion` is installed
    return {**road(index_page, EtapePage.objects.child_of(index_page)), "a_un_flux": has_feed}


def road(page, etapes):
    """``{"etapes", "routes", "route", "prochaine"}``: the visible ones in order, each edition's `Route`, the one that the
    rally is on, and the étape to come to next. Read once for as long as no étape changes, begins or ends, nor its places.

    :param etapes: those below ``page``.
    """
    return memoize(("road", page.pk), lambda: _road(etapes), reach=Reach.EVERYWHERE)


def _road(etapes):
    stages = list(etapes.registered().visible().on_the_road().for_cards())
    found = routes(stages)
    held = [stage for stage in stages if stage.a_lieu and not stage.passee]
    return {"etapes": stages, "routes": found, "route": current(found), "prochaine": next(iter(held), None)}


def drawn_road(page, route, request):
    """The étapes of the `Route` of :func:`road` as lists, drawn once for as long as it is read once."""
    site = Site.find_for_request(request)
    name = ("drawn road", page.pk, site and site.pk, get_language())
    return memoize(
        name, lambda: render_to_string("etapes/_route.html", {"route": route}, request), reach=Reach.EVERYWHERE
    )


def etape_context(etape):
    """``{"presentations", "documents", "precedente", "suivante"}``: the fiches presented that the public may see, in order, each with
    its ``heure``; the étapes before and after on the road, or ``None``."""
    fiches = (
        FichePage.objects.visible()
        .for_cards()
        .in_bulk([presentation.fiche_id for presentation in etape.presentations.all()])
    )
    return {
        **neighbours(etape),
        "documents": public_documents(etape),
        "presentations": [
            {"fiche": fiches[presentation.fiche_id], "heure": presentation.heure}
            for presentation in etape.presentations.all()
            if presentation.fiche_id in fiches
        ],
    }


def neighbours(etape):
    """The visible étapes just before and just after, in the road's order; none for an étape that is not visible."""
    index_page = etape.get_parent()
    etapes = road(index_page, type(etape).objects.child_of(index_page))["etapes"]
    if etape not in etapes:
        return {"precedente": None, "suivante": None}
    place = etapes.index(etape)
    return {"precedente": etapes[place - 1] if place else None, "suivante": next(iter(etapes[place + 1 :]), None)}


def public_documents(etape):
    """The documents that who reads the étape may open. One query more, where there are any."""
    links = list(etape.documents.all())
    if not links:
        return []
    opened = set(
        open_to_readers(get_document_model(), [link.document_id for link in links]).values_list("pk", flat=True)
    )
    return [link for link in links if link.document_id in opened]
