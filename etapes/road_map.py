"""SVG data of the road on the map that the server draws."""

from typing import TYPE_CHECKING, Any

from fiches.pages.outline_map import project

if TYPE_CHECKING:
    from etapes.models import EtapePage
    from etapes.route import Position


# Width of the flag that marks the rally's position, in SVG units.
FLAG = 184
# Right edge of the drawing, in SVG units.
EAST = project(46.22, 7.2)[0]


def road_on_map(etapes: "list[EtapePage]", ici: "Position | None" = None) -> dict[str, Any]:
    """Returns the template's context for the map of the road.

    ``chemin``: SVG path through all étapes that take place and have coordinates; ``parcouru``: its part up to the last past
    étape; ``haltes``: ``[{"x", "y", "numeros", "passee"}]``, étapes at the same place share one, and ``numeros`` reads
    « 1–4 » or « 2, 6 »; an étape without a date has its halt, and no line leads there; ``ici``: ``{"x", "y", "tourne"}``, the rally's position, or None.

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
    return {
        "chemin": _path(points),
        "parcouru": _path(travelled),
        "haltes": [_stop(place, at_place) for place, at_place in stops.items()],
        "ici": _position(ici),
    }


def _place(etape: "EtapePage") -> tuple[int, int]:
    """Where an étape that has coordinates is on the drawing."""
    assert etape.latitude is not None
    assert etape.longitude is not None
    return project(etape.latitude, etape.longitude)


def _path(places: list[Any]) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in places) if len(places) > 1 else ""


def _stop(place: tuple[int, int], etapes: "list[EtapePage]") -> dict[str, Any]:
    return {
        "x": place[0],
        "y": place[1],
        "numeros": span([etape.numero for etape in etapes]),
        "passee": all(etape.passee for etape in etapes),
    }


def _position(ici: "Position | None") -> dict[str, Any] | None:
    """The midpoint of the étapes around the rally, or None if one of them has no coordinates. ``tourne``: the flag points
    left, since it would cross the right edge."""
    etapes = ici.reperes if ici else []
    if not etapes or not all(etape.est_situe for etape in etapes):
        return None
    places = [_place(etape) for etape in etapes]
    x, y = (sum(axis) // len(places) for axis in zip(*places, strict=True))
    return {"x": x, "y": y, "tourne": x + FLAG > EAST}


def span(numbers: list[int | None]) -> str:
    """Formats étape numbers: « 1–4 » for three or more consecutive ones, else « 2, 6 ». Ignores None."""
    known = sorted(number for number in numbers if number)
    if len(known) > 2 and known[-1] - known[0] == len(known) - 1:
        return f"{known[0]}–{known[-1]}"
    return ", ".join(map(str, known))
