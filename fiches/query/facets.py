"""The facets: the values of each filter, and the number of fiches that each would show; the parameters that other apps define (``etape``,
``prime``)."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from fiches.formats import thousands
from fiches.models import Critere, Dimension, MotCle, Partenaire, PublicationValue
from fiches.models.champs import champ_named
from fiches.models.enums import TRANCHES, Sphere, StatutJuridique
from fiches.models.partenaire import name_with_acronym
from fiches.publications.counts import COLUMNS, FACETS, numbers
from fiches.publications.index_entries import CRITERE, MOT_CLE
from fiches.publications.version import memoize
from fiches.territoire.gazetteer import fold
from fiches.territoire.territory import territory

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from fiches.query.fiche_filter import FicheFilter


MOST_KEYWORDS = 20


class Condition(NamedTuple):
    """A query parameter of another app. Attributes:

    - ``find(values)`` returns the keys of the matching fiches;
    - ``describe(values)`` returns a phrase for the sentence, such as « au programme de l’étape 3 », valid for one or many fiches.

    Both raise ValueError, with a message for the user, for an invalid value.
    """

    find: Callable[[tuple[str, ...]], Iterable[int]]
    describe: Callable[[tuple[str, ...]], str]


CONDITIONS: dict[str, Condition] = {}


def register_condition(name: str, find: Callable[..., Any], describe: Callable[..., Any]) -> None:
    """Registers the parameter ``name``, which must be in `fiches.models.grille.RESERVED_PARAMETERS`; see
    :class:`Condition`. Called from ``AppConfig.ready()``."""
    CONDITIONS[name] = Condition(find, describe)


@dataclass
class Facet:
    """The values of one parameter of the query language."""

    # ``{value: label}``, in the order of display.
    labels: "dict[str, StrOrPromise]"
    # Where the register stores the values: a column of Publication, or a facet's name in PublicationValue.
    column: str = ""
    several: str = ""
    # ``{value: stored key}``, for values stored under another key.
    keys: dict[str, str] = field(default_factory=dict)
    # The name of the dimension, for a dimension of the grid.
    dimension: str = ""

    def having(self, values: list[str]) -> Q:
        """The condition on Publication: the row has one of these values."""
        keys = [self.keys.get(value, value) for value in values]
        if self.column:
            return Q(**{f"{self.column}__in": keys})
        rows = PublicationValue.objects.filter(facet=self.several, value__in=keys)
        return Q(pk__in=rows.values("publication"))


def known_facets(langue: str) -> dict[str, Facet]:
    """``{parameter: Facet}`` for the fiches of a language, the dimensions of the grid first. Cached until the version
    changes."""
    return memoize(("facets", langue), lambda: _read(langue))


def _read(langue: str) -> dict[str, Facet]:
    used = {facet: [value for value, number in each.items() if number] for facet, each in numbers(langue).items()}
    years = sorted(used["edition"], reverse=True)
    records = Partenaire.objects.filter(pk__in=used["partenaire"])
    named = records.values_list("pk", "slug", "nom", "sigle")
    partners = [(pk, slug, name_with_acronym(nom, sigle)) for pk, slug, nom, sigle in named]
    keywords = MotCle.objects.filter(pk__in=used[MOT_CLE])  # those of drafts must not appear
    return {
        **_grid(),
        "departement": Facet({**territory().names}, column="departement"),
        "sphere": Facet(dict(Sphere.choices), column="sphere"),
        "statut": Facet(dict(StatutJuridique.choices), column="statut"),
        "effectif": Facet({key: key for key, _low, _high in TRANCHES}, column="tranche"),
        "edition": Facet({year: year for year in years}, column="edition"),
        "mot-cle": _named(keywords.values_list("pk", "slug", "name"), several=MOT_CLE),
        "partenaire": _named(partners, column="partenaire"),
    }


def _grid() -> Any:
    dimensions = {
        slug: Facet({}, several=CRITERE, dimension=name) for slug, name in Dimension.objects.values_list("slug", "nom")
    }
    for key, slug, name, dimension in Critere.objects.values_list("pk", "slug", "name", "dimension__slug"):
        dimensions[dimension].labels[slug] = name
        dimensions[dimension].keys[slug] = str(key)
    return dimensions


def _named(records: Iterable[tuple[Any, str, Any]], **where: Any) -> Facet:
    """A facet made of records, ``[(key, slug, name)]``, sorted by folded name."""
    ordered = sorted((fold(name), slug, name, str(key)) for key, slug, name in records)
    labels_ = {slug: name for _folded, slug, name, _key in ordered}
    return Facet(labels_, keys={slug: key for _folded, slug, _name, key in ordered}, **where)


def labels() -> dict[str, str]:
    """``{parameter: label}`` of the parameters that are not dimensions of the grid."""
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


def parameter_label(name: str) -> str:
    """What a page calls a parameter of the query; its name if it is a dimension's or unknown."""
    return {
        **labels(),
        "q": _("Words to look for"),
        "commune": _("Commune"),
        "autour": _("Near"),
        "rayon": _("Radius"),
        "du": _("From the"),
        "au": _("To the"),
        "quand": _("When"),
        "bbox": _("Area of the map"),
        "depuis": _("Changed since"),
        "tri": _("Order"),
        "page": _("Page"),
        "par_page": _("Innovations a page"),
    }.get(name, name)


def band(key: str) -> str:
    """The label of an INSEE band of staff size: « 10 to 19 »."""
    low, high = next((low, high) for name, low, high in TRANCHES if name == key)
    if high == 0:
        return _("no employee")
    if high is None:
        return _("%(low)s and more") % {"low": thousands(low)}
    return _("%(low)s to %(high)s") % {"low": low, "high": high}


def value_label(fiche_filter: "FicheFilter", name: str, value: str) -> str:
    """The label of a value of the parameter ``name`` in a FicheFilter."""
    if name == "effectif":
        return band(value)
    return str(fiche_filter.facettes[name].labels[value])


def facets(fiche_filter: "FicheFilter") -> list[Any]:
    """The facets of a FicheFilter, those of the grid first.

    The count of a value ignores the other values of its parameter: it is the number of results if that value alone were ticked.
    Values without a fiche are left out, unless they are ticked or belong to the grid.

    :returns: ``[{"parametre", "libelle", "grille": bool, "valeurs": [{"valeur", "libelle", "nombre", "retenu"}]}]``
    """
    answer, names, counts = [], labels(), _counted(fiche_filter)
    for name, facet in fiche_filter.facettes.items():
        ticked = fiche_filter.choix.get(name, ())
        values = [
            {
                "valeur": value,
                "libelle": value_label(fiche_filter, name, value),
                "nombre": counts[name][facet.keys.get(value, value)],
                "retenu": value in ticked,
            }
            for value in facet.labels
        ]
        values = [value for value in values if facet.dimension or value["nombre"] or value["retenu"]]
        if name == "mot-cle":
            values = _most_used(values)
        if values:
            label = facet.dimension or names[name]
            answer.append({"parametre": name, "libelle": label, "grille": bool(facet.dimension), "valeurs": values})
    return answer + _prize(fiche_filter)


def _counted(fiche_filter: "FicheFilter") -> dict[str, Any]:
    """``{parameter: {stored key: number of fiches}}``: the numbers of the register for the whole list; else those of the results, and of
    what they would be without each parameter in use. One query for each."""
    whole, narrowing, counts = numbers(fiche_filter.langue), fiche_filter.narrowing.keys(), {}
    results = _numbers(fiche_filter.rows()) if narrowing else whole
    for name, known in fiche_filter.facettes.items():
        if narrowing == {name}:
            counts[name] = whole[known.column or known.several]
        elif name not in narrowing:
            counts[name] = results[known.column or known.several]
        elif known.column:
            rows = fiche_filter.rows(sans=name).order_by().values_list(known.column)
            counts[name] = Counter(dict(rows.annotate(number=Count("pk"))))
        else:
            counts[name] = _numbers(fiche_filter.rows(sans=name))[known.several]
    return counts


def _numbers(rows: QuerySet) -> dict[str, Counter[str]]:
    """``{facet: {stored value: number of fiches}}`` of these rows of the register. One query: a ``GROUP BY`` for each facet costs five
    times more."""
    read = list(zip(*rows.order_by().values_list(*COLUMNS, "criteres", "mots_cles").iterator(), strict=True))
    counted = {facet: Counter(values) for facet, values in zip((*COLUMNS, CRITERE, MOT_CLE), read, strict=False)}
    for facet in (CRITERE, MOT_CLE):
        keys: Counter[str] = Counter()
        for text, number in counted.get(facet, {}).items():
            keys.update(dict.fromkeys((text or "").split(), number))
        counted[facet] = keys
    return {facet: counted.get(facet, Counter()) for facet in FACETS}


def _most_used(values: list[Any]) -> list[Any]:
    """The ticked values and the most frequent ones, in their order."""
    most = sorted(values, key=lambda value: (not value["retenu"], -value["nombre"]))[:MOST_KEYWORDS]
    return [value for value in values if value in most]


def _prize(fiche_filter: "FicheFilter") -> list[Any]:
    """The facet of prizes, if a public fiche has one."""
    condition, ticked = CONDITIONS.get("prime"), "prime" in fiche_filter.conditions
    keys = list(condition.find(("1",))) if condition else []
    count = fiche_filter.rows(sans="prime").filter(object_id__in=keys).count() if keys else 0
    if not condition or not (count or ticked):
        return []
    value = {"valeur": "1", "libelle": condition.describe(("1",)), "nombre": count, "retenu": ticked}
    return [{"parametre": "prime", "libelle": labels()["prime"], "grille": False, "valeurs": [value]}]


def orders(fiche_filter: "FicheFilter") -> list[dict[str, Any]]:
    """``[{"valeur", "libelle", "retenu"}]``: the sort orders that apply to the query; the value of the default one is ``""``."""
    offered = {"recent": _("Latest first"), "titre": _("By title")}
    if fiche_filter.autour:
        offered = {"distance": _("Nearest"), **offered}
    if fiche_filter.q:
        offered = {"pertinence": _("Most relevant"), **offered}
    return [
        {
            "valeur": "" if name == fiche_filter.ordre_par_defaut else name,
            "libelle": label,
            "retenu": name == fiche_filter.ordre,
        }
        for name, label in offered.items()
    ]
