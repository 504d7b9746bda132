"""What étapes add to finding fiches: the parameter ``etape``, and the road as a layer of the map."""

from django.http import JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control

from etapes.carte import span
from etapes.models import EtapeIndexPage, EtapePage
from fiches import langues
from fiches.models.routes import add_route
from fiches.query.conditions import register_condition
from fiches.query.map import register_layer
from fiches.query.parametres import shown


def names(etape):
    """What of an étape stands out in a search: who organises it, where, in which year."""
    partners = [organisation.partenaire.nom for organisation in etape.organisations.select_related("partenaire")]
    return [*partners, etape.lieu, etape.adresse, str(etape.edition or "")]


def presented(values):
    """The keys of the fiches presented at the étapes with these slugs. One query.

    :raises ValueError: when there is no such étape that the public may see.
    """
    etapes = EtapePage.objects.visible().in_language().filter(slug__in=values)
    rows = etapes.values_list("slug", "presentations__fiche")
    unknown = set(values) - {slug for slug, _fiche in rows}
    if unknown:
        raise ValueError(_("There is no étape “%(slug)s”.") % {"slug": shown(sorted(unknown)[0])})
    return langues.keys_of_translations(fiche for _slug, fiche in rows if fiche)


def described(values):
    titles = (
        EtapePage.objects.visible().in_language().filter(slug__in=values).on_the_road().values_list("title", flat=True)
    )
    return _("presented at the étape %(titles)s") % {"titles": ", ".join(f"«\u00a0{title}\u00a0»" for title in titles)}


def road_address(request):
    """Where the road's GeoJSON is; "" for a site that has no étape on a map."""
    index_page = EtapeIndexPage.objects.registered().visible().in_language().first()
    return f"{index_page.get_url(request)}carte.geojson" if index_page else ""


@cache_control(public=True, max_age=300)
def _road(request, index_page):
    """One road an edition, the latest first: where it stops, and the line that joins the étapes in order."""
    etapes = EtapePage.objects.child_of(index_page).registered().visible().filter(latitude__isnull=False).on_the_road()
    roads = {}
    for etape in etapes.select_related("edition").defer("programme", "compte_rendu"):
        if etape.a_lieu:
            roads.setdefault(str(etape.edition or ""), []).append(etape)
    features = [feature for name in reversed(roads) for feature in _features(name, roads[name], request)]
    return JsonResponse({"type": "FeatureCollection", "features": features}, content_type="application/geo+json")


def _features(road, etapes, request):
    stops = {}
    for etape in etapes:
        stops.setdefault((etape.longitude, etape.latitude), []).append(etape)
    way = [[etape.longitude, etape.latitude] for etape in etapes]
    line = {"type": "LineString", "coordinates": way}
    lines = [{"type": "Feature", "geometry": line, "properties": {"route": road}}] if len(stops) > 1 else []
    return lines + [_stop(road, place, found, request) for place, found in stops.items()]


def _stop(road, place, etapes, request):
    properties = {
        "route": road,
        "numeros": span([etape.numero for etape in etapes]),
        "etapes": [
            {"numero": etape.numero, "titre": etape.title, "adresse": etape.get_url(request)} for etape in etapes
        ],
    }
    return {"type": "Feature", "geometry": {"type": "Point", "coordinates": list(place)}, "properties": properties}


def register():
    register_condition("etape", presented, described)
    register_layer("route", road_address)
    add_route(EtapeIndexPage, "carte.geojson", lambda page, request: _road(request, page), name="carte")
