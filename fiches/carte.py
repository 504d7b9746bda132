"""The map that needs no script: the départements' outlines, and places on them, drawn as SVG by the server."""

import json
import math
from functools import cache
from pathlib import Path

from django.db.models import Count

from fiches.models.territoire import DEPARTEMENTS

OUTLINES = Path(__file__).parent / "static/fiches/departements.geojson"
NORTH, WEST = 48.06, 5.2
SCALE = 300  # units of the drawing per degree of latitude
SHRINK = math.cos(math.radians(47.15))  # a degree of longitude, measured in degrees of latitude
GRID = 3  # fiches closer than this on the drawing share a dot


def project(latitude, longitude):
    """Where a position stands in the drawing (``viewBox`` of :data:`VIEW_BOX`)."""
    return round((longitude - WEST) * SHRINK * SCALE), round((NORTH - latitude) * SCALE)


VIEW_BOX = "0 0 {} {}".format(*project(46.22, 7.2))


@cache
def outlines():
    """``[{"code", "nom", "trace"}]``: each département as an SVG path. Good enough to draw, not to decide."""
    features = json.loads(OUTLINES.read_text(encoding="utf-8"))["features"]
    return [
        {
            "code": feature["properties"]["code"],
            "nom": feature["properties"]["nom"],
            "trace": "".join(_ring(ring) for ring in feature["geometry"]["coordinates"]),
        }
        for feature in features
    ]


def _ring(positions):
    points = [project(latitude, longitude) for longitude, latitude in positions]
    return "M" + "L".join(f"{x} {y}" for x, y in points) + "Z"


def overview(fiches):
    """How a queryset of fiches lies on the territory, in one query whatever their number.

    :returns: ``{"nombre", "departements": [{"code", "nom", "nombre"}], "points"}``; ``points`` is an SVG path that puts
        one dot where fiches are, whether one or many.
    """
    rows = fiches.order_by().values_list("departement", "latitude", "longitude").annotate(number=Count("pk"))
    counts, dots = dict.fromkeys(DEPARTEMENTS, 0), set()
    for departement, latitude, longitude, number in rows:
        if departement in counts:
            counts[departement] += number
        if latitude is not None:
            x, y = project(latitude, longitude)
            dots.add((x - x % GRID, y - y % GRID))
    departements = [{"code": code, "nom": DEPARTEMENTS[code], "nombre": number} for code, number in counts.items()]
    return {
        "nombre": sum(counts.values()),
        "departements": departements,
        "points": "".join(f"M{x} {y}h0" for x, y in sorted(dots)),
    }
