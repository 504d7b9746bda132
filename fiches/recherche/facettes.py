"""The facets: what each filter offers, and how many fiches a click on it would show."""

from django.utils.translation import gettext as _

from fiches.enums import TRANCHES
from fiches.recherche.conditions import conditions

MOST_KEYWORDS = 20


def labels():
    """How the parameters that are not dimensions of the grid are called."""
    return {
        "departement": _("Département"),
        "sphere": _("Sphere"),
        "statut": _("Legal form"),
        "effectif": _("Staff size"),
        "edition": _("Edition"),
        "mot-cle": _("Keyword"),
        "partenaire": _("Associated partner"),
        "prime": _("Prize"),
    }


def band(key):
    """An INSEE band in words."""
    low, high = next((low, high) for name, low, high in TRANCHES if name == key)
    if high == 0:
        return _("no employee")
    if high is None:
        return _("%(low)s and more") % {"low": f"{low:,}".replace(",", "\u202f")}
    return _("%(low)s to %(high)s") % {"low": low, "high": high}


def value_label(found, name, value):
    if name == "effectif":
        return band(value)
    return str(found.instantane.facettes[name].libelles[value])


def facets(found):
    """The facets of a FicheFilter, those of the grid first.

    A count ignores its own parameter, since values of one parameter add up: it tells what ticking that value alone
    would show. Values that nobody has are left out, unless they are ticked or belong to the grid.

    :returns: ``[{"parametre", "libelle", "grille": bool, "valeurs": [{"valeur", "libelle", "nombre", "retenu"}]}]``
    """
    answer = []
    for name, facette in found.instantane.facettes.items():
        in_grid = name in found.instantane.dimensions
        others = found.ensemble(sans=name) if name in found.ensembles else found.selection
        kept = found.choix.get(name, ())
        values = [
            {
                "valeur": value,
                "libelle": value_label(found, name, value),
                "nombre": (facette.ensembles.get(value, 0) & others).bit_count(),
                "retenu": value in kept,
            }
            for value in facette.libelles
        ]
        values = [value for value in values if in_grid or value["nombre"] or value["retenu"]]
        if name == "mot-cle":
            values = _most_used(values)
        if values:
            label = found.instantane.dimensions[name] if in_grid else labels()[name]
            answer.append({"parametre": name, "libelle": label, "grille": in_grid, "valeurs": values})
    return answer + _prize(found)


def _most_used(values):
    kept = sorted(values, key=lambda value: (not value["retenu"], -value["nombre"]))[:MOST_KEYWORDS]
    return [value for value in values if value in kept]


def _prize(found):
    """The prize, where a room above registered it."""
    condition = conditions().get("prime")
    if not condition:
        return []
    held = "prime" in found.conditions
    members = found.instantane.ensemble(condition.find(("1",)))
    count = (members & found.ensemble(sans="prime")).bit_count()
    if not count and not held:
        return []
    value = {"valeur": "1", "libelle": condition.describe(("1",)), "nombre": count, "retenu": held}
    return [{"parametre": "prime", "libelle": labels()["prime"], "grille": False, "valeurs": [value]}]


def applied(found):
    """The filters in force, each with the question that is left without it.

    :returns: ``[{"parametre", "libelle", "sans": query string}]``
    """
    from fiches.recherche.phrase import described

    answer = []
    for name, text in described(found).items():
        if name in found.choix:
            answer += [
                {"parametre": name, "libelle": value_label(found, name, value), "sans": found.without(name, value)}
                for value in found.choix[name]
            ]
        else:
            label = f"«\u00a0{found.q}\u00a0»" if name == "q" else text
            answer.append({"parametre": name, "libelle": label, "sans": found.without(name)})
    return answer


def orders(found):
    """``[{"valeur", "libelle", "retenu"}]``: the orders that make sense for the question; the usual one needs no value."""
    labels_ = {
        "pertinence": _("Most relevant"),
        "distance": _("Nearest"),
        "recent": _("Latest"),
        "titre": _("By title"),
    }
    offered = [
        name
        for name in labels_
        if not (name == "pertinence" and not found.q) and not (name == "distance" and not found.autour)
    ]
    usual = found.ordre_par_defaut
    return [
        {"valeur": "" if name == usual else name, "libelle": labels_[name], "retenu": name == found.ordre}
        for name in offered
    ]
