"""The rivers and lakes that the maps draw: those of the territory and of what a map shows around it."""

import json
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from fiches.models.coordinates import Box, Point
from fiches.territoire.territory import territory

FILE = Path(__file__).parents[1] / "data" / "eaux.geojson"
# Around the territory. The maps show little more, and have no other ground there.
MARGIN_KM = 40


def waters() -> list[dict[str, Any]]:
    """The GeoJSON features (properties: genre, riviere or lac; nom) of the territory. Rivers are cut at its margin."""
    return _waters(Box(*territory().box).widened(MARGIN_KM))


@cache
def _waters(box: Box) -> list[dict[str, Any]]:
    features = json.loads(FILE.read_text(encoding="utf-8"))["features"]
    parts = ((feature, _inside(feature["geometry"], box)) for feature in features)
    return [{**feature, "geometry": geometry} for feature, geometry in parts if geometry["coordinates"]]


def _inside(geometry: dict[str, Any], box: Box) -> dict[str, Any]:
    """A lake whole or not at all; of a river, the parts that lie in the box."""
    if geometry["type"] == "Polygon":
        is_seen = any(_is_in(box, position) for position in geometry["coordinates"][0])
        return {**geometry, "coordinates": geometry["coordinates"] if is_seen else []}
    lines = [part for line in geometry["coordinates"] for part in _parts(line, box)]
    return {**geometry, "coordinates": [line for line in lines if len(line) > 1]}


def _parts(line: list[list[float]], box: Box) -> list[list[list[float]]]:
    return [list(run) for is_in, run in groupby(line, lambda position: _is_in(box, position)) if is_in]


def _is_in(box: Box, position: list[float]) -> bool:
    return Point(position[1], position[0]) in box
