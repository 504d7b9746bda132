"""Template contexts of the étape pages and of their list."""

from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.http import HttpRequest
from wagtail.documents import get_document_model

from etapes.route import current_route, routes
from fiches.media.access import open_to_readers
from fiches.models import FichePage
from fiches.publications.version import memoize
from fiches.territoire.territory import territory

if TYPE_CHECKING:
    from etapes.models import DocumentDEtape, EtapeIndexPage, EtapePage


# Kilometres offered around a commune.
RADII = (10, 20, 50, 100)


def etapes_context(index_page: "EtapeIndexPage", request: HttpRequest) -> dict[str, Any]:
    """Returns :func:`road` for the étapes under ``index_page``, :func:`_filtered`, and ``a_un_flux``: whether the list has a feed."""
    from etapes.models import EtapePage

    has_feed = hasattr(index_page, "route_flux_atom")  # where `fiches.diffusion` is installed
    etapes = EtapePage.objects.child_of(index_page)
    return {**road(index_page, etapes), **_filtered(etapes, request), "a_un_flux": has_feed}


def _filtered(etapes: Any, request: HttpRequest) -> dict[str, Any]:
    """Returns ``question`` (the `EtapeFilter` of the address), the choices of its form and, if it has filters, ``trouvees`` (the
    étapes that match: those ahead, the next first, then those past, the latest first), ``trouvees_datees`` (whether one has a
    date), ``phrase``, which says the filters in words."""
    from etapes.etape_filter import EtapeFilter

    question = EtapeFilter.parse(request.GET)
    context: dict[str, Any] = {
        "question": question,
        "departements": territory().names,
        "quand": question.known("quand"),
    }
    context |= {"pres_de": request.GET.get("autour", ""), "rayons": sorted({*RADII, question.rayon})}
    if question.asked or question.errors:
        matches = list(question.narrow(etapes.registered().visible().on_the_road()).for_cards())
        past = [etape for etape in matches if etape.passee]
        ahead = [etape for etape in matches if not etape.passee]
        cancelled = sum(etape.annulee for etape in matches)
        context |= {
            "trouvees": [*ahead, *reversed(past)],
            "trouvees_datees": _some_dated(matches),
            "phrase": question.sentence(len(matches) - cancelled, cancelled),
        }
    return context


def road(page: Any, etapes: QuerySet) -> dict[str, Any]:
    """Returns the context of the road. Kept in memory until an étape changes, begins or ends, or its places do.

    ``etapes``: the visible ones in order; ``datees``: whether one has a date; ``routes``: a `Route` per edition; ``route``: the
    current one; ``prochaine``: the next étape of the road, one without a date if no date is ahead, or None.

    :param etapes: a queryset of those below ``page``.
    """
    return memoize(("road", page.pk), lambda: _road(etapes))


def _road(etapes: Any) -> Any:
    stages = list(etapes.registered().visible().on_the_road().for_cards())
    editions = routes(stages)
    ahead = [stage for stage in stages if stage.sur_la_route and not stage.passee]
    return {
        "etapes": stages,
        "datees": _some_dated(stages),
        "routes": editions,
        "route": current_route(editions),
        "prochaine": next(iter(ahead), None),
    }


def _some_dated(etapes: "list[EtapePage]") -> bool:
    """Whether a calendar of these étapes would hold an event."""
    return not all(etape.sans_date for etape in etapes)


def etape_context(etape: "EtapePage") -> dict[str, Any]:
    """Returns the context of an étape's page.

    ``presentations``: the visible fiches in order, as ``{"fiche", "heure"}``; ``documents``: :func:`public_documents`;
    ``precedente`` and ``suivante``: the étapes before and after on the road, or ``None``.
    """
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


def neighbours(etape: "EtapePage") -> dict[str, Any]:
    """The visible étapes just before and after, in road order; both None if ``etape`` is not visible."""
    index_page = etape.get_parent()
    etapes = road(index_page, type(etape).objects.child_of(index_page))["etapes"]
    if etape not in etapes:
        return {"precedente": None, "suivante": None}
    place = etapes.index(etape)
    return {"precedente": etapes[place - 1] if place else None, "suivante": next(iter(etapes[place + 1 :]), None)}


def public_documents(*etapes: "EtapePage") -> "list[DocumentDEtape]":
    """The documents of étapes that their readers may open. No query when there are none."""
    links = [link for etape in etapes for link in etape.documents.all()]
    if not links:
        return []
    readable = set(
        open_to_readers(get_document_model(), [link.document_id for link in links]).values_list("pk", flat=True)
    )
    return [link for link in links if link.document_id in readable]
