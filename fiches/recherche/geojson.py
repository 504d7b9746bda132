"""The fiches on the map: built from columns kept in memory, compressed once, not sent again to whoever has it."""

import gzip
from contextlib import suppress
from hashlib import blake2b

import orjson
from django.http import HttpResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import condition

from fiches.compression import reads_gzip
from fiches.recherche.ensembles import slots
from fiches.recherche.filtre import FicheFilter

KEPT = 16
"""Maps that a process keeps: half a megabyte each for 50,000 fiches."""
_bodies: dict[str, bytes] = {}


def feature(snapshot, slot):
    """One point. ``precision`` stands only where the point is the centre of the commune."""
    properties = {"titre": snapshot.titres[slot]}
    if snapshot.par_commune[slot]:
        properties["precision"] = "commune"
    point = [round(snapshot.longitudes[slot], 5), round(snapshot.latitudes[slot], 5)]
    return orjson.dumps(
        {
            "type": "Feature",
            "id": snapshot.pks[slot],
            "geometry": {"type": "Point", "coordinates": point},
            "properties": properties,
        }
    )


def collection(found):
    """The located fiches that answer a FicheFilter, as a GeoJSON FeatureCollection in bytes."""
    fragments = found.instantane.fragments
    members = [fragments[slot] for slot in slots(found.selection & found.instantane.situes)]
    return b'{"type":"FeatureCollection","features":[' + b",".join(members) + b"]}"


def etag(found):
    """Changes with what can be found, with the question, and when a fiche expires."""
    question = found.querystring(sans=("page", "par_page", "tri"))
    shown_by_the_clock = " ".join(hex(members) for _values, _text, members in found.conditions.values())
    told = f"{found.instantane.jeton} {found.langue} {found.visible.bit_count()} {question} {shown_by_the_clock}"
    return f'"{blake2b(told.encode(), digest_size=12).hexdigest()}"'


def geojson_response(request):
    """The answer to the query of ``request``; 304 to whoever shows its ETag. One query when nothing changed."""
    found = FicheFilter.parse(request.GET)
    tag = etag(found)

    @condition(etag_func=lambda request: tag)
    def answer(request):
        return _sent(request, _compressed(found, tag))

    response = answer(request)
    response["Cache-Control"] = "public, max-age=0, must-revalidate"
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


def _compressed(found, tag):
    """Kept apart from the cache: whoever asks a thousand questions would drive out of it what counts log-ins that failed."""
    body = _bodies.pop(tag, None)
    if body is None:
        body = gzip.compress(collection(found), compresslevel=6, mtime=0)
    _bodies[tag] = body
    if len(_bodies) > KEPT:
        with suppress(KeyError):  # another thread let it go
            del _bodies[next(iter(_bodies))]
    return body


def _sent(request, body):
    accepts_gzip = reads_gzip(request)
    response = HttpResponse(body if accepts_gzip else gzip.decompress(body), content_type="application/geo+json")
    if accepts_gzip:
        response["Content-Encoding"] = "gzip"
    return response
