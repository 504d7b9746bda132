"""The SVG map drawn by the server, for pages without JavaScript: outlines of the départements, and points on them."""

import json
import math
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from django.db.models import Count, QuerySet

from fiches.models import Publication
from fiches.models.territoire import DEPARTEMENTS
from fiches.publications.version import Reach, memoize
from fiches.query.expressions import PLACE

OUTLINES = Path(__file__).parents[1] / "static/fiches/departements.geojson"
NORTH, WEST = 48.06, 5.2
SCALE = 300  # units of the drawing per degree of latitude
SHRINK = math.cos(math.radians(47.15))  # a degree of longitude, measured in degrees of latitude
GRID = 3  # fiches closer than this on the drawing share a dot


def project(latitude: float, longitude: float) -> tuple[int, int]:
    """``(x, y)`` of a position in the drawing (see :data:`VIEW_BOX`)."""
    return round((longitude - WEST) * SHRINK * SCALE), round((NORTH - latitude) * SCALE)


VIEW_BOX = "0 0 {} {}".format(*project(46.22, 7.2))


@cache
def outlines() -> list[dict[str, str]]:
    """``[{"code", "nom", "trace"}]``: each département as an SVG path. Too approximate to decide where a point lies."""
    features = json.loads(OUTLINES.read_text(encoding="utf-8"))["features"]
    return [
        {
            "code": feature["properties"]["code"],
            "nom": feature["properties"]["nom"],
            "trace": "".join(_ring(ring) for ring in feature["geometry"]["coordinates"]),
        }
        for feature in features
    ]


def _ring(positions: Iterable[tuple[float, float]]) -> str:
    points = [project(latitude, longitude) for longitude, latitude in positions]
    return "M" + "L".join(f"{x} {y}" for x, y in points) + "Z"


def overview(langue: str) -> dict[str, Any]:
    """The map of the fiches of a language. Cached until a change of reach COUNTS.

    :returns: ``{"total", "nombre", "departements": [{"code", "nom", "nombre"}], "points"}``; ``total`` counts all fiches,
        ``nombre`` those of these départements; ``points`` is an SVG path that puts one dot for each place that has fiches.
    """
    return memoize(("overview", langue), lambda: _overview(langue), reach=Reach.COUNTS)


def _overview(langue: str) -> dict[str, Any]:
    rows = Publication.objects.visible().in_language(langue).filter(kind="fiche").order_by()
    counts = dict(rows.values_list("departement").annotate(number=Count("pk")))
    departements = [{"code": code, "nom": nom, "nombre": counts.get(code, 0)} for code, nom in DEPARTEMENTS.items()]
    return {
        "total": sum(counts.values()),
        "nombre": sum(departement["nombre"] for departement in departements),
        "departements": departements,
        "points": dots(rows, grid=GRID),
    }


def dots(rows: QuerySet[Publication], *, grid: int = 1) -> str:
    """An SVG path with a dot for each located row of the register; rows in the same square of ``grid`` units share a dot."""
    places = rows.filter(latitude__isnull=False).order_by().values_list(*PLACE).distinct()
    drawn = {(x - x % grid, y - y % grid) for x, y in (project(*place) for place in places)}
    return "".join(f"M{x} {y}h0" for x, y in sorted(drawn))
