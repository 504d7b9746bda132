"""What étapes add to the search: names for the register, the filter ``etape`` on fiches, the road as a map layer."""

from collections import defaultdict
from typing import Any

from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail import hooks

from etapes.etape_contexts import public_documents
from etapes.inscriptions.date_and_place import without_date
from etapes.models import EtapeIndexPage, EtapePage
from etapes.route import span
from fiches import content_language
from fiches.formats import day_of_week, hour, quoted
from fiches.models import FichePage
from fiches.models.querysets import prefetch_joined
from fiches.models.routes import add_route
from fiches.publications.index_entries import Shown
from fiches.publications.responses import versioned
from fiches.query.facets import register_condition
from fiches.query.parsers import shown
from fiches.territoire.territory import territory

JOINED = {"organisations": "partenaire", "documents": "document"}


def shown_by_etapes(etapes: list[EtapePage]) -> dict[int, Shown]:
    """What étapes show, in a fixed number of queries."""
    joined = (prefetch_joined(EtapePage, name, joins) for name, joins in JOINED.items())
    prefetch_related_objects(etapes, "commune", "edition", "photo", *joined)
    documents: dict[int, list[str]] = defaultdict(list)
    fiches: dict[int, list[str]] = defaultdict(list)
    for link in public_documents(*etapes):
        documents[link.etape_id].append(link.titre or link.document.title)
    presented = FichePage.objects.visible().filter(presentations__etape__in=etapes)
    for etape, *names in presented.values_list("presentations__etape", "title", "organisation"):
        fiches[etape] += names
    return {etape.pk: _shown(etape, documents[etape.pk], fiches[etape.pk]) for etape in etapes}


def _shown(etape: EtapePage, documents: list[str], fiches: list[str]) -> Shown:
    """The names in the full-text search are the organisers of an étape and their public contacts, its date and place, the fiches
    presented there; the texts, its practical information, documents, and figures with their noun; no extract quotes the credit of its
    picture and the hours of its programme."""
    texts = [etape.acces, etape.accessibilite, *_figures(etape), *documents]
    unquoted = [getattr(etape.photo, "credit", "")]
    unquoted += [hour(time) for item in etape.programme for name in ("debut", "fin") if (time := item.value.get(name))]
    return Shown(*([str(text) for text in each if text] for each in ([*_names(etape), *fiches], texts, unquoted)))


def _names(etape: EtapePage) -> list[Any]:
    shown = []
    for link in etape.organisations.all():
        shown += [link.partenaire.nom, link.partenaire.sigle]
        shown += [link.contact_nom, link.contact_telephone, link.contact_courriel] if link.contact_public else []
    shown += [etape.lieu, etape.adresse, etape.code_postal, territory().names.get(etape.departement, "")]
    number = f"{_('Étape')} {etape.numero}" if etape.numero else ""
    state = etape.get_statut_display() if etape.annulee or etape.reportee else ""
    return [*shown, str(etape.edition or ""), number, *_dates(etape), state]


def _figures(etape: EtapePage) -> list[str]:
    figures = []
    if places := etape.capacite:
        figures.append(ngettext("%(number)s place", "%(number)s places", places) % {"number": places})
    if people := etape.participants:
        figures.append(ngettext("%(number)s person came", "%(number)s people came", people) % {"number": people})
    return figures


def _dates(etape: EtapePage) -> list[str]:
    """The days and hours of an étape as its page writes them, in the site's language."""
    days = [day_of_week(date) for date in (etape.date, etape.ancienne_date) if date]
    days += [] if etape.date else [without_date(is_cancelled=etape.annulee)]
    return [*days, *(hour(time) for time in (etape.debut, etape.fin) if time), str(etape.get_moment_display())]


def fiches_presented_at(values: tuple[str, ...]) -> set[int]:
    """The pks of the fiches presented at the étapes with these slugs, translations included.

    :raises ValueError: a slug names no visible étape; the message is shown to the user.
    """
    etapes = EtapePage.objects.visible().here().filter(slug__in=values)
    rows = etapes.values_list("slug", "presentations__fiche")
    unknown = set(values) - {slug for slug, _fiche in rows}
    if unknown:
        raise ValueError(_("There is no étape “%(slug)s”.") % {"slug": shown(sorted(unknown)[0])})
    return content_language.keys_of_translations(fiche for _slug, fiche in rows if fiche)


def describe(values: tuple[str, ...]) -> str:
    """The filter in words, with the étapes' titles."""
    titles = EtapePage.objects.visible().here().filter(slug__in=values).on_the_road().values_list("title", flat=True)
    return _("presented at the étape %(titles)s") % {"titles": ", ".join(map(quoted, titles))}


@hooks.register("register_map_layer")
def road_layer(request: HttpRequest) -> tuple[str, str] | None:
    """The layer of the road and the URL of its GeoJSON; None when the site has no list of étapes."""
    index_page = EtapeIndexPage.objects.registered().visible().here().first()
    return ("route", f"{index_page.get_url(request)}carte.geojson") if index_page else None


@versioned
def _road(request: HttpRequest, index_page: EtapeIndexPage) -> HttpResponse:
    """Serves the GeoJSON of the road: for each edition, the latest first, a line and its stops."""
    etapes = EtapePage.objects.child_of(index_page).registered().visible().filter(latitude__isnull=False).on_the_road()
    roads: dict[str, list[EtapePage]] = {}
    for etape in etapes.select_related("edition").defer("programme", "compte_rendu"):
        if etape.sur_la_route:
            roads.setdefault(str(etape.edition or ""), []).append(etape)
    features = [feature for name in reversed(roads) for feature in _features(name, roads[name], request)]
    return JsonResponse({"type": "FeatureCollection", "features": features}, content_type="application/geo+json")


def _features(road: str, etapes: list[EtapePage], request: HttpRequest) -> Any:
    stops: dict[tuple[Any, Any], list[EtapePage]] = {}
    for etape in etapes:
        stops.setdefault((etape.longitude, etape.latitude), []).append(etape)
    coordinates = [[etape.longitude, etape.latitude] for etape in etapes if etape.a_lieu]
    line = {"type": "LineString", "coordinates": coordinates}
    is_a_line = len(set(map(tuple, coordinates))) > 1
    lines = [{"type": "Feature", "geometry": line, "properties": {"route": road}}] if is_a_line else []
    return lines + [_stop(road, place, at_place, request) for place, at_place in stops.items()]


def _stop(road: str, place: tuple[float, float], etapes: list[EtapePage], request: HttpRequest) -> dict[str, Any]:
    properties = {
        "route": road,
        "numeros": span([etape.numero for etape in etapes]),
        "etapes": [
            {"numero": etape.numero, "titre": etape.title, "adresse": etape.get_url(request)} for etape in etapes
        ],
    }
    return {"type": "Feature", "geometry": {"type": "Point", "coordinates": list(place)}, "properties": properties}


def register() -> None:
    register_condition("etape", fiches_presented_at, describe)
    add_route(EtapeIndexPage, "carte.geojson", lambda page, request: _road(request, page), name="carte")
