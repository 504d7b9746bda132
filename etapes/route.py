"""The road: the étapes of one edition in order, the rally's position among them, and their drawing on the map (SVG)."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils import timezone

from fiches.pages.outline_map import project, view_box

if TYPE_CHECKING:
    from etapes.models import EtapePage


# Width of the flag that marks the rally's position, and where it ends on its pole, in SVG units.
FLAG, FAR = 184, 58


class Position(NamedTuple):
    """The rally's position: at the étape ``sur``, or else after ``apres`` (None before the first) and before ``avant``."""

    apres: "EtapePage | None"
    avant: "EtapePage | None"
    sur: "EtapePage | None"

    @property
    def reperes(self) -> "list[EtapePage]":
        """The étapes around the position: one if the rally has not left or is at an étape, else two."""
        if self.sur:
            return [self.sur]
        return [etape for etape in (self.apres, self.avant) if etape]


class Route(NamedTuple):
    """One edition's road. ``etapes``: those that take place, in order, then those without a date; ``a_part``: those cancelled or
    postponed without a new date; ``ici``: the rally's position, None once no date is ahead."""

    nom: str
    annee: int
    etapes: list
    a_part: list
    ici: Position | None

    @property
    def annees(self) -> str:
        """« 2026 », or « 2026-2027 » for a road that continues in the next year."""
        years = sorted({self.annee, *(etape.date.year for etape in self.etapes if etape.date)})
        return "-".join(map(str, dict.fromkeys((years[0], years[-1]))))

    @property
    def parcourue(self) -> bool:
        """Whether the road is over."""
        return bool(self.etapes) and not self.restantes and not any(etape.attend_sa_date for etape in self.a_part)

    @property
    def restantes(self) -> int:
        """The number of étapes still ahead."""
        return sum(not etape.passee for etape in self.etapes)


def routes(etapes: "list[EtapePage]", now: datetime | None = None) -> list[Route]:
    """Groups étapes into a ``Route`` per edition, the latest first. An étape without an edition counts by its year; without a
    date either, it is on the latest road, this year's at the earliest."""
    groups: dict[int, list[EtapePage]] = {}
    years = [_year(etape) for etape in etapes]
    latest = max([timezone.localdate(now).year, *filter(None, years)])
    for etape, year in zip(etapes, years, strict=True):
        groups.setdefault(year or latest, []).append(etape)
    return [_route(year, groups[year], now or timezone.now()) for year in sorted(groups, reverse=True)]


def _year(etape: "EtapePage") -> int | None:
    if etape.edition:
        return etape.edition.annee
    return etape.date.year if etape.date else None


def current_route(roads: list[Route]) -> Route | None:
    """The current road of ``roads`` (latest first): the earliest that is not over, else the latest; None without roads."""
    ahead = [route for route in roads if route.ici or any(etape.sans_date for etape in route.etapes)]
    return ahead[-1] if ahead else next(iter(roads), None)


def _route(year: int, etapes: "list[EtapePage]", now: datetime) -> Route:
    edition = next((etape.edition for etape in etapes if etape.edition), None)
    on_it = [etape for etape in etapes if etape.sur_la_route]
    apart = [etape for etape in etapes if not etape.sur_la_route]
    return Route(edition.nom if edition else "", year, on_it, apart, position(on_it, now))


def position(etapes: "list[EtapePage]", now: datetime | None = None) -> Position | None:
    """The rally's ``Position`` among the étapes with a date, in order; None if there are none or all are over."""
    now = now or timezone.now()
    past = [etape for etape in etapes if etape.termine_le and etape.termine_le < now]
    ahead = [etape for etape in etapes if etape.termine_le and etape.termine_le >= now]
    if not ahead:
        return None
    first = ahead[0]
    return Position(
        past[-1] if past else None, first, first if first.commence_le and first.commence_le <= now else None
    )


def road_on_map(etapes: "list[EtapePage]", ici: Position | None = None) -> dict[str, Any]:
    """Returns the template's context for the map of the road.

    ``chemin``: SVG path through all étapes that take place and have coordinates; ``parcouru``: its part up to the last past
    étape; ``haltes``: ``[{"x", "y", "numeros", "passee"}]``, étapes at the same place share one, and ``numeros`` reads
    « 1–4 » or « 2, 6 »; an étape without a date has its halt, and no line leads there; ``ici``: the rally's position and its
    flag, or None: see :func:`_position`.

    :param ici: an `etapes.route.Position`, or None.
    """
    stops: dict[tuple[int, int], list[EtapePage]] = {}
    points: list[tuple[int, int]] = []
    travelled: list[tuple[int, int]] = []
    for etape in etapes:
        if etape.est_situe and etape.sur_la_route:
            place = _place(etape)
            stops.setdefault(place, []).append(etape)
            points += [place] if etape.a_lieu and points[-1:] != [place] else []
            if etape.passee:
                travelled = list(points)
    haltes = [_stop(place, at_place) for place, at_place in stops.items()]
    return {"chemin": _path(points), "parcouru": _path(travelled), "haltes": haltes, "ici": _position(ici, haltes)}


def _place(etape: "EtapePage") -> tuple[int, int]:
    """Where an étape that has coordinates is on the drawing."""
    assert etape.latitude is not None
    assert etape.longitude is not None
    return project(etape.latitude, etape.longitude)


def _path(places: list[Any]) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in places) if len(places) > 1 else ""


def _stop(place: tuple[int, int], etapes: "list[EtapePage]") -> dict[str, Any]:
    numbers = span([etape.numero for etape in etapes])
    return {
        "x": place[0],
        "y": place[1],
        "numeros": numbers,
        "large": 17 if len(numbers) < 3 else 26 if len(numbers) < 5 else 42,
        "passee": all(etape.passee for etape in etapes),
    }


def _position(ici: Position | None, stops: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Returns the midpoint of the étapes around the rally and its flag, or None if one of them has no coordinates.

    The flag points right (``sens`` 1) or left (-1), at the top (``bout`` -1) of its pole or at the bottom (1): inside the drawing,
    and where it covers the fewest of ``stops``.
    """
    etapes = ici.reperes if ici else []
    if not etapes or not all(etape.est_situe for etape in etapes):
        return None
    places = [_place(etape) for etape in etapes]
    x, y = (sum(axis) // len(places) for axis in zip(*places, strict=True))
    width, height = (int(size) for size in view_box().split()[2:])

    def faults(way: tuple[int, int]) -> tuple[bool, int]:
        ends = sorted((x, x + way[0] * FLAG)), sorted((y + way[1] * FAR, y + way[1] * (FAR - 36)))
        outside = not (0 <= ends[0][0] <= ends[0][1] <= width and 0 <= ends[1][0] <= ends[1][1] <= height)
        covered = [
            stop
            for stop in stops
            if ends[0][0] - stop["large"] < stop["x"] < ends[0][1] + stop["large"]
            and ends[1][0] - 17 < stop["y"] < ends[1][1] + 17
        ]
        return outside, len(covered)

    sens, bout = min(((1, -1), (-1, -1), (1, 1), (-1, 1)), key=faults)
    edge = f"M0 {bout * FAR}h{sens * FLAG}l{-sens * 14} {-bout * 18} {sens * 14} {-bout * 18}H0Z"
    return {"x": x, "y": y, "sens": sens, "bout": bout, "mat": bout * FAR, "drapeau": edge, "ligne": bout * 40 + 7}


def span(numbers: list[int | None]) -> str:
    """Formats étape numbers: « 1–4 » for three or more consecutive ones, else « 2, 6 ». Ignores None."""
    known = sorted(number for number in numbers if number)
    if len(known) > 2 and known[-1] - known[0] == len(known) - 1:
        return f"{known[0]}–{known[-1]}"
    return ", ".join(map(str, known))
