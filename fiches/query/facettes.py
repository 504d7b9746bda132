"""The facets: what each filter offers, and how many fiches a click on it would show."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Count, Exists, F, OuterRef, Q, Value
from django.db.models.functions import Cast, Coalesce, NullIf
from django.utils.translation import gettext as _

from fiches.models import DEPARTEMENTS, Critere, Dimension, MotCle, Partenaire, Publication, PublicationValue
from fiches.models.champs import champ_named
from fiches.models.enums import TRANCHES, Sphere, Statut
from fiches.publications.searched import CRITERE, MOT_CLE
from fiches.publications.version import Reach, memoize
from fiches.query.conditions import conditions
from fiches.territoire.gazetteer import fold

MOST_KEYWORDS = 20


@dataclass
class Facet:
    """The values of one parameter, with their words in the order of display; where the register has them: in a column of
    Publication, or under a name in PublicationValue; as which key each is stored, where that isn't its own name."""

    labels: dict[str, str]
    column: str = ""
    several: str = ""
    keys: dict[str, str] = field(default_factory=dict)
    # What a dimension of the grid is called.
    dimension: str = ""

    def having(self, values):
        """The condition on Publication: one of these values."""
        keys = [self.keys.get(value, value) for value in values]
        if self.column:
            return Q(**{f"{self.column}__in": keys})
        rows = PublicationValue.objects.filter(facet=self.several, value__in=keys)
        return Q(pk__in=rows.values("publication"))


def known_facets(langue):
    """``{parameter: Facet}`` for the fiches of a language, the dimensions of the grid first; read once for as long as nothing that
    is counted changes."""
    return memoize(("facets", langue), lambda: _read(langue), reach=Reach.COUNTS)


def _read(langue):
    public = Publication.objects.filter(kind="fiche", withdrawn_at=None).in_language(langue)
    used = set(public.order_by().values_list("edition", "partenaire").distinct())
    years = sorted({year for year, _partner in used if year}, reverse=True)
    short = Partenaire.objects.annotate(court=Coalesce(NullIf("sigle", Value("")), "nom"))
    partners = short.filter(pk__in=[partner for _year, partner in used if partner]).values_list("pk", "slug", "court")
    return {
        **_grid(),
        "departement": Facet(DEPARTEMENTS, column="departement"),
        "sphere": Facet(dict(Sphere.choices), column="sphere"),
        "statut": Facet(dict(Statut.choices), column="statut"),
        "effectif": Facet({key: key for key, _low, _high in TRANCHES}, column="tranche"),
        "edition": Facet({year: year for year in years}, column="edition"),
        "mot-cle": _named(_used_keywords(public).values_list("pk", "slug", "name"), several=MOT_CLE),
        "partenaire": _named(partners, column="partenaire"),
    }


def _grid():
    found = {
        slug: Facet({}, several=CRITERE, dimension=name) for slug, name in Dimension.objects.values_list("slug", "nom")
    }
    for key, slug, name, dimension in Critere.objects.values_list("pk", "slug", "name", "dimension__slug"):
        found[dimension].labels[slug] = name
        found[dimension].keys[slug] = str(key)
    return found


def _used_keywords(public):
    """Those that a public fiche has: a draft's are told to nobody."""
    held = PublicationValue.objects.filter(
        facet=MOT_CLE, value=Cast(OuterRef("pk"), PublicationValue._meta.get_field("value"))
    )
    shown = public.filter(pk=OuterRef("publication")).order_by().values("pk")
    return MotCle.objects.filter(Exists(held.filter(Exists(shown))))


def _named(records, **where):
    """A facet over records of the database: ``(key, slug, name)``, in the order of their folded names."""
    ordered = sorted((fold(name), slug, name, str(key)) for key, slug, name in records)
    labels_ = {slug: name for _folded, slug, name, _key in ordered}
    return Facet(labels_, keys={slug: key for _folded, slug, _name, key in ordered}, **where)


def labels():
    """How the parameters that are not dimensions of the grid are called."""
    return {
        "departement": _("Département"),
        "sphere": _("Sphere"),
        "statut": _("Legal form"),
        "effectif": str(champ_named("effectif").title),
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
    return str(found.facettes[name].labels[value])


def facets(found):
    """The facets of a FicheFilter, those of the grid first.

    A count ignores its own parameter, since values of one parameter add up: it tells what ticking that value alone
    would show. Values that nobody has are left out, unless they are ticked or belong to the grid.

    :returns: ``[{"parametre", "libelle", "grille": bool, "valeurs": [{"valeur", "libelle", "nombre", "retenu"}]}]``
    """
    answer, names, counts = [], labels(), found.keep("counts", lambda: _counted(found))
    for name, facet in found.facettes.items():
        kept = found.choix.get(name, ())
        values = [
            {
                "valeur": value,
                "libelle": value_label(found, name, value),
                "nombre": counts.get(name, {}).get(facet.keys.get(value, value), 0),
                "retenu": value in kept,
            }
            for value in facet.labels
        ]
        values = [value for value in values if facet.dimension or value["nombre"] or value["retenu"]]
        if name == "mot-cle":
            values = _most_used(values)
        if values:
            label = facet.dimension or names[name]
            answer.append({"parametre": name, "libelle": label, "grille": bool(facet.dimension), "valeurs": values})
    return answer + _prize(found, counts["prime"]["1"])


def _counted(found):
    """``{parameter: {stored key: number of fiches}}``, in one query: a group by each column, one by all values, and one more
    for each parameter of several values that is in use. And how many have a prize, where a room above registered it."""
    every, parts, free = found.rows(), [], set()
    for name, facet in found.facettes.items():
        in_use = name in found.narrowing
        rows = found.rows(sans=name) if in_use else every
        if facet.column:
            parts.append(_grouped(rows.exclude(**{facet.column: ""}), name, facet.column))
        elif in_use:
            parts.append(_grouped(_values(rows, facet), name, "value"))
        else:
            free.add(facet.several)
    values = PublicationValue.objects.filter(facet__in=free, publication__in=_keys(every))
    parts.append(_grouped(values, "", "value", "facet"))
    first, *others = parts
    return {**_read_counts(found, first.union(*others, all=True)), "prime": {"1": _prized(found)}}


def _prized(found):
    condition = conditions().get("prime")
    keys = list(condition.find(("1",))) if condition else []
    return found.rows(sans="prime").filter(object_id__in=keys).count() if keys else 0


def _keys(rows):
    return rows.order_by().values("pk")


def _values(rows, facet):
    return PublicationValue.objects.filter(
        facet=facet.several, value__in=list(facet.keys.values()), publication__in=_keys(rows)
    )


def _grouped(rows, name, column, facet=""):
    """``(parameter or "", facet or "", value, number)`` of each value of a column."""
    named = {"asked": Value(name), "of": F(facet) if facet else Value(""), "key": F(column)}
    return rows.order_by().values(**named).annotate(number=Count("pk")).values_list("asked", "of", "key", "number")


def _read_counts(found, rows):
    """Those of the values counted together go to the parameter that has each."""
    owners = {
        (facet.several, key): name
        for name, facet in found.facettes.items()
        if facet.several
        for key in facet.keys.values()
    }
    counts = defaultdict(dict)
    for asked, of, key, number in rows:
        owner = asked or owners.get((of, key), "")
        if asked or owner not in found.narrowing:
            counts[owner][key] = number
    return dict(counts)


def _most_used(values):
    kept = sorted(values, key=lambda value: (not value["retenu"], -value["nombre"]))[:MOST_KEYWORDS]
    return [value for value in values if value in kept]


def _prize(found, count):
    """The prize, where some have it."""
    held = "prime" in found.conditions
    if not count and not held:
        return []
    words = conditions()["prime"].describe(("1",))
    value = {"valeur": "1", "libelle": words, "nombre": count, "retenu": held}
    return [{"parametre": "prime", "libelle": labels()["prime"], "grille": False, "valeurs": [value]}]


def applied(found):
    """The filters in force, each with the question that is left without it.

    :returns: ``[{"parametre", "libelle", "sans": query string}]``
    """
    from fiches.query.phrase import described

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
        "recent": _("Latest first"),
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
