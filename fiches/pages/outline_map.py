"""The SVG map drawn by the server, for pages without JavaScript: outlines of the départements, and points on them."""

import math
from collections.abc import Iterable
from functools import cache
from itertools import groupby
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from fiches.models.location import Point
from fiches.publications.counts import ALL, numbers, places
from fiches.publications.version import memoize
from fiches.territoire.territory import outlines as territory_outlines
from fiches.territoire.territory import territory

SIZE = 560  # units of the drawing along its longer side
EDGE = 0.02  # part of that side that stays free around the territory
MOST_OF_A_SPECK = 4  # an island with so few points is not drawn
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


def project(latitude: float, longitude: float) -> tuple[int, int]:
    """``(x, y)`` of a position in the drawing (see :func:`view_box`)."""
    drawing = frame()
    return round((longitude - drawing.west) * drawing.wide), round((drawing.north - latitude) * drawing.high)


def view_box() -> str:
    """The ``viewBox`` of the drawing."""
    south, west, north, east = territory().box
    drawing = frame()
    return "0 0 {} {}".format(*project(south - (drawing.north - north), east + (west - drawing.west)))


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


@require_safe
def region(request: HttpRequest) -> HttpResponse:
    """The outlines as one SVG path named ``region``, which takes its colours from the page that uses it."""
    trace = "".join(departement["trace"] for departement in outlines())
    drawn = format_html('<svg xmlns="http://www.w3.org/2000/svg"><path id="region" d="{}"/></svg>', trace)
    return HttpResponse(drawn, content_type="image/svg+xml")


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
    drawn = {(x - x % grid, y - y % grid) for x, y in (project(*place) for place in places)}
    return "".join(f"M{x} {y}h0" for x, y in sorted(drawn))
