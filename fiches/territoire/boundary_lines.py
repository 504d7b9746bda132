"""Borders as lines: segments joined into lines, simplified, and packed for the browser."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise
from math import hypot

# In a degree, of the packed lines: 10 m.
UNITS = 10_000

# Longitude first.
Point = tuple[float, float]
Polyline = list[Point]
Segment = tuple[Point, Point]


def chained(segments: Iterable[Segment]) -> list[Polyline]:
    """The segments, each once, joined into lines that end where they meet others, or are closed."""
    neighbours: dict[Point, set[Point]] = defaultdict(set)
    for start, end in segments:
        if start != end:
            neighbours[start].add(end)
            neighbours[end].add(start)
    ends = sorted(point for point, others in neighbours.items() if len(others) != 2)
    return [line for start in [*ends, *sorted(neighbours)] for line in _walks(neighbours, start, set(ends))]


def _walks(neighbours: dict[Point, set[Point]], start: Point, ends: set[Point]) -> Iterator[Polyline]:
    """The lines from ``start``, taken out of ``neighbours``."""
    while neighbours[start]:
        line = [start]
        while len(line) == 1 or (line[-1] not in ends and neighbours[line[-1]]):
            following = min(neighbours[line[-1]])
            neighbours[line[-1]].discard(following)
            neighbours[following].discard(line[-1])
            line.append(following)
        yield line


def simplified(points: Polyline, tolerance: float, *, shrink: float = 1.0) -> Polyline:
    """The line with as few of its points as stay within ``tolerance`` of it (Ramer-Douglas-Peucker, without recursion).

    :param tolerance: in the unit of the points.
    :param shrink: the length of a unit of longitude in units of latitude.
    """
    indices, spans = {0, len(points) - 1}, [(0, len(points) - 1)]
    while spans:
        first, last = spans.pop()
        if last - first < 2:
            continue
        away = [_distance(point, points[first], points[last], shrink) for point in points[first + 1 : last]]
        if max(away) > tolerance:
            far = first + 1 + away.index(max(away))
            indices.add(far)
            spans += [(first, far), (far, last)]
    return [points[i] for i in sorted(indices)]


def _distance(point: Point, start: Point, end: Point, shrink: float) -> float:
    """From a point to the line through two others, or to the first of them if they are one."""
    (x, y), (x1, y1), (x2, y2) = ((lon * shrink, lat) for lon, lat in (point, start, end))
    length = hypot(x2 - x1, y2 - y1)
    return abs((x2 - x1) * (y1 - y) - (x1 - x) * (y2 - y1)) / length if length else hypot(x - x1, y - y1)


def packed(line: Polyline) -> list[float]:
    """``[x, y, dx, dy, dx, dy…]``: the first point, and the steps to the others."""
    steps = [(x2 - x1, y2 - y1) for (x1, y1), (x2, y2) in pairwise(line)]
    return [number for pair in [line[0], *filter(any, steps)] for number in pair]
