"""The fiches on the map: built from columns, not sent again to whoever has them."""

import orjson
from django.http import HttpResponse

from fiches.publications.conditional import versioned
from fiches.recherche.filtre import FicheFilter
from fiches.recherche.mots import LATEST


def collection(found):
    """The located fiches that answer a FicheFilter, the newest first, as a GeoJSON FeatureCollection in bytes."""
    rows = found.rows().filter(latitude__isnull=False).order_by(*LATEST)
    points = rows.values_list("object_id", "title", "latitude", "longitude", "by_centre")
    features = [_feature(*point) for point in points]
    return orjson.dumps({"type": "FeatureCollection", "features": features})


def _feature(pk, title, latitude, longitude, by_centre):
    """One point. ``precision`` stands only where the point is the centre of the commune."""
    properties = {"titre": title, "precision": "commune"} if by_centre else {"titre": title}
    point = {"type": "Point", "coordinates": [round(longitude, 5), round(latitude, 5)]}
    return {"type": "Feature", "id": pk, "geometry": point, "properties": properties}


def geojson_response(request):
    """The answer to the query of ``request``; 304 to whoever shows its ETag. Whoever has it asks again each time."""
    response = _map(request)
    response["Cache-Control"] = "public, max-age=0, must-revalidate"
    return response


@versioned
def _map(request):
    return HttpResponse(collection(FicheFilter.parse(request.GET)), content_type="application/geo+json")
