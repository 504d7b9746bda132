"""Computes the geometry of a bar chart, which a template draws as SVG."""

from typing import Any, NamedTuple

WIDTH, HEIGHT = 720, 220
LEFT, BOTTOM, TOP = 56, 28, 12
MOST_LABELS = 8


class Bar(NamedTuple):
    """A bar, in the SVG's units; ``legende``: whether its date is written below."""

    x: float
    y: float
    largeur: float
    hauteur: float
    jour: object
    nombre: int
    legende: bool


class Mark(NamedTuple):
    """A grid line of the vertical axis, with its number."""

    y: float
    nombre: int


class Chart:
    """A bar chart: ``barres`` (bars), ``graduations`` (grid lines), ``largeur`` and ``hauteur``.

    :param values: ``[(day, number)]``.
    """

    largeur, hauteur, gauche = WIDTH, HEIGHT, LEFT
    bas = HEIGHT - BOTTOM

    def __init__(self, values: Any) -> None:
        self.plafond = ceiling(max((number for _day, number in values), default=0))
        step = (WIDTH - LEFT) / max(len(values), 1)
        every = -(-len(values) // MOST_LABELS) or 1
        self.barres = [
            Bar(
                x=round(LEFT + index * step + step * 0.1, 1),
                y=round(self.bas - self._height(number), 1),
                largeur=round(step * 0.8, 1),
                hauteur=round(self._height(number), 1),
                jour=day,
                nombre=number,
                legende=index % every == 0,
            )
            for index, (day, number) in enumerate(values)
        ]

    def _height(self, number: int) -> float:
        return (self.bas - TOP) * number / self.plafond

    @property
    def graduations(self) -> list[Mark]:
        return [Mark(round(self.bas - self._height(part), 1), part) for part in (0, self.plafond // 2, self.plafond)]


def ceiling(number: int) -> int:
    """Returns the upper end of the axis: the first of 2, 4, 10, 20, 40, 100… that is at least ``number``."""
    scale = 1
    while True:
        for factor in (2, 4, 10):
            if number <= factor * scale:
                return factor * scale
        scale *= 10
