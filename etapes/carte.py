"""The road, drawn on the map."""

from fiches.pages.outline_map import project

FLAG = 184
"""How long the flag is that says where the rally is, in the drawing's units."""
EAST = project(46.22, 7.2)[0]
"""Where the drawing ends."""


def road_on_map(etapes, ici=None):
    """``{"chemin", "parcouru", "haltes": [{"x", "y", "numeros", "passee"}], "ici"}``: the way from étape to étape, the part
    of it that is behind, where it stops, and where the rally is (``{"x", "y", "tourne"}``, from an `etapes.route.Position`).

    Étapes at the same place share a stop; ``numeros`` reads « 1–4 » or « 2, 6 ».
    """
    stops, way, behind = {}, [], []
    for etape in etapes:
        if etape.est_situe and etape.a_lieu:
            place = project(etape.latitude, etape.longitude)
            stops.setdefault(place, []).append(etape)
            way += [place] if way[-1:] != [place] else []
            if etape.passee:
                behind = list(way)
    return {
        "chemin": _path(way),
        "parcouru": _path(behind),
        "haltes": [_stop(place, found) for place, found in stops.items()],
        "ici": _here(ici),
    }


def _path(places):
    return "M" + "L".join(f"{x} {y}" for x, y in places) if len(places) > 1 else ""


def _stop(place, etapes):
    return {
        "x": place[0],
        "y": place[1],
        "numeros": span([etape.numero for etape in etapes]),
        "passee": all(etape.passee for etape in etapes),
    }


def _here(ici):
    """Halfway between the two étapes; at the one that there is; None where one of them is on no map. Near the edge the
    flag is turned (``tourne``)."""
    marks = ici.reperes if ici else []
    if not marks or not all(etape.est_situe for etape in marks):
        return None
    places = [project(etape.latitude, etape.longitude) for etape in marks]
    x, y = (sum(axis) // len(places) for axis in zip(*places, strict=True))
    return {"x": x, "y": y, "tourne": x + FLAG > EAST}


def span(numbers):
    """« 1–4 » for numbers that follow one another, else « 2, 6 »; those unknown are left out."""
    known = sorted(number for number in numbers if number)
    if len(known) > 2 and known[-1] - known[0] == len(known) - 1:
        return f"{known[0]}–{known[-1]}"
    return ", ".join(map(str, known))
