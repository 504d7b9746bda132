"""SVG data of the road on the map that the server draws."""

from typing import TYPE_CHECKING, Any

from fiches.pages.outline_map import project, view_box

if TYPE_CHECKING:
    from etapes.models import EtapePage
    from etapes.route import Position


# Width of the flag that marks the rally's position, and where it ends on its pole, in SVG units.
FLAG, FAR = 184, 58


def road_on_map(etapes: "list[EtapePage]", ici: "Position | None" = None) -> dict[str, Any]:
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
    return {"chemin": _path(points), "parcouru": _path(travelled), "haltes": haltes, "ici": _position(ici)}


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


def _position(ici: "Position | None") -> dict[str, Any] | None:
    """Returns the midpoint of the étapes around the rally and its flag, or None if one of them has no coordinates.

    The flag points right (``sens`` 1), or left (-1) near the right edge, at the top (``bout`` -1) of its pole, or at the bottom (1)
    near the upper edge.
    """
    etapes = ici.reperes if ici else []
    if not etapes or not all(etape.est_situe for etape in etapes):
        return None
    places = [_place(etape) for etape in etapes]
    x, y = (sum(axis) // len(places) for axis in zip(*places, strict=True))
    sens = 1 if x + FLAG <= int(view_box().split()[2]) else -1
    bout = -1 if y >= FAR else 1
    edge = f"M0 {bout * FAR}h{sens * FLAG}l{-sens * 14} {-bout * 18} {sens * 14} {-bout * 18}H0Z"
    return {"x": x, "y": y, "sens": sens, "bout": bout, "mat": bout * FAR, "drapeau": edge, "ligne": bout * 40 + 7}


def span(numbers: list[int | None]) -> str:
    """Formats étape numbers: « 1–4 » for three or more consecutive ones, else « 2, 6 ». Ignores None."""
    known = sorted(number for number in numbers if number)
    if len(known) > 2 and known[-1] - known[0] == len(known) - 1:
        return f"{known[0]}–{known[-1]}"
    return ", ".join(map(str, known))
