"""The SVG map drawn by the server, for pages without JavaScript: outlines of the départements, and points on them."""

import math
from collections.abc import Iterable
from functools import cache
from itertools import groupby
from typing import Any, NamedTuple

from django.db.models.functions import Coalesce

from fiches.models import Commune
from fiches.models.location import Point
from fiches.publications.counts import ALL, numbers, places
from fiches.publications.version import memoize
from fiches.territoire.territory import outlines as territory_outlines
from fiches.territoire.territory import territory

SIZE = 560  # units of the drawing along its longer side
EDGE = 0.02  # part of that side that stays free around the territory
MOST_OF_A_SPECK = 4  # an island with so few points is not drawn
AROUND = 110  # units from a place to the edges of the map around it
LETTER = 14  # units of the height of a town's name there
TOWNS = 60
GRID = 3  # fiches closer than this on the drawing share a dot


class Frame(NamedTuple):
    """Where the drawing lies: its north-western corner, units per degree of latitude and of longitude."""

    north: float
    west: float
    high: float
    wide: float


def frame() -> Frame:
    """The frame around the territory."""
    return _frame(*territory().box)


@cache
def _frame(south: float, west: float, north: float, east: float) -> Frame:
    shrink = math.cos(math.radians((south + north) / 2))  # a degree of longitude, measured in degrees of latitude
    longer = max(north - south, (east - west) * shrink)
    scale = SIZE * (1 - 2 * EDGE) / longer
    return Frame(north + longer * EDGE, west - longer * EDGE / shrink, scale, scale * shrink)


def project(latitude: float, longitude: float, drawing: Frame | None = None) -> tuple[int, int]:
    """``(x, y)`` of a position in the drawing (see :func:`view_box`); ``drawing`` is its :func:`frame`, where many are asked for."""
    drawing = drawing or frame()
    return round((longitude - drawing.west) * drawing.wide), round((drawing.north - latitude) * drawing.high)


def view_box() -> str:
    """The ``viewBox`` of the drawing."""
    south, west, north, east = territory().box
    drawing = frame()
    return "0 0 {} {}".format(*project(south - (drawing.north - north), east + (west - drawing.west)))


def around(place: Any) -> dict[str, Any]:
    """The part of the drawing around a place that has coordinates.

    :returns: ``{"x", "y"}`` of the place, ``view_box``, and ``towns``: ``[{"name", "x", "y"}]``, the largest whose names don't touch.
    """
    x, y = project(place.latitude, place.longitude)
    towns: list[dict[str, Any]] = []
    here = place.commune.nom if place.commune else ""
    taken = [(x, y, ""), (x - _wide(here) // 2, y - LETTER, here)]
    for name, left, top in memoize("towns of the drawing", _towns, shared=True):
        is_free = all(
            abs(top - each[1]) > LETTER or not -_wide(name) < left - each[0] < _wide(each[2]) for each in taken
        )
        if is_free and abs(top - y) < AROUND - LETTER and -AROUND < left - x < AROUND - _wide(name):
            taken.append((left, top, name))
            towns.append({"name": name, "x": left, "y": top})
    return {"x": x, "y": y, "view_box": f"{x - AROUND} {y - AROUND} {2 * AROUND} {2 * AROUND}", "towns": towns}


def _wide(name: str) -> int:
    return 12 + len(name) * LETTER // 2


def _towns() -> list[tuple[str, int, int]]:
    rows = Commune.objects.located().filter(departement__in=territory().departements)
    rows = rows.order_by(Coalesce("population", 0).desc(), "pk")
    return [(name, *project(*place)) for name, *place in rows.values_list("nom", "latitude", "longitude")[:TOWNS]]


def outlines() -> list[dict[str, str]]:
    """``[{"code", "nom", "trace"}]``: each département as an SVG path. Too approximate to decide where a point lies."""
    return _outlines(tuple(territory().departements))


@cache
def _outlines(codes: tuple[str, ...]) -> list[dict[str, str]]:
    return [
        {
            "code": feature["properties"]["code"],
            "nom": feature["properties"]["nom"],
            "trace": "".join(_ring(ring) for polygon in feature["geometry"]["coordinates"] for ring in polygon),
        }
        for feature in territory_outlines()
    ]


def _ring(positions: Iterable[tuple[float, float]]) -> str:
    points = [project(latitude, longitude) for longitude, latitude in positions]
    drawn = [point for point, _same in groupby(points)]
    return "M" + "L".join(f"{x} {y}" for x, y in drawn) + "Z" if len(drawn) > MOST_OF_A_SPECK else ""


def overview(langue: str) -> dict[str, Any]:
    """The map of the fiches of a language. Cached until the version changes.

    :returns: ``{"total", "nombre", "departements": [{"code", "nom", "nombre"}], "points"}``; ``total`` counts all fiches,
        ``nombre`` those of these départements; ``points`` is an SVG path that puts one dot for each place that has fiches.
    """
    return memoize(("overview", langue), lambda: _overview(langue))


def _overview(langue: str) -> dict[str, Any]:
    whole = numbers(langue)
    departements = [
        {"code": code, "nom": nom, "nombre": whole["departement"].get(code, 0)}
        for code, nom in territory().names.items()
    ]
    return {
        "total": whole[ALL].get(ALL, 0),
        "nombre": sum(departement["nombre"] for departement in departements),
        "departements": departements,
        "points": dots(places(langue), grid=GRID),
    }


def dots(places: Iterable[Point], *, grid: int = 1) -> str:
    """An SVG path with a dot for each place; those in the same square of ``grid`` units share a dot."""
    drawing = frame()
    drawn = {(x - x % grid, y - y % grid) for x, y in (project(*place, drawing) for place in places)}
    return "".join(f"M{x} {y}h0" for x, y in sorted(drawn))
