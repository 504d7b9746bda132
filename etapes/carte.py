"""The road, drawn on the map."""

from fiches.carte import project


def road_on_map(etapes):
    """``{"chemin", "haltes": [{"x", "y", "numeros"}]}``: the way from étape to étape, and where it stops.

    Étapes at the same place share a stop; ``numeros`` reads « 1–4 » or « 2, 6 ».
    """
    numbers, way = {}, []
    for etape in etapes:
        if etape.est_situe and not etape.annulee:
            stop = project(etape.latitude, etape.longitude)
            numbers.setdefault(stop, []).append(etape.numero)
            way += [stop] if way[-1:] != [stop] else []
    return {
        "chemin": "M" + "L".join(f"{x} {y}" for x, y in way) if len(way) > 1 else "",
        "haltes": [{"x": x, "y": y, "numeros": span(found)} for (x, y), found in numbers.items()],
    }


def span(numbers):
    """« 1–4 » for numbers that follow one another, else « 2, 6 »; those unknown are left out."""
    known = sorted(number for number in numbers if number)
    if len(known) > 2 and known[-1] - known[0] == len(known) - 1:
        return f"{known[0]}–{known[-1]}"
    return ", ".join(map(str, known))
