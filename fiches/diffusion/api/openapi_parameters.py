"""The query language as OpenAPI parameters; ``FicheFilter`` parses it."""

from typing import Any

from django.utils.translation import gettext as _

from fiches import content_language
from fiches.models import Dimension
from fiches.models.enums import Sphere, StatutJuridique
from fiches.publications.version import memoize
from fiches.query.parsers import MOST_PER_PAGE, PAR_PAGE, TRIS
from fiches.territoire.territory import territory


def parameter(
    name: str, description: str, schema: dict[str, Any] | None = None, *, several: bool = False, **kwargs: Any
) -> dict[str, Any]:
    """Returns the OpenAPI description of an optional query parameter; ``several``: it may be repeated."""
    schema = schema or {"type": "string"}
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": str(description),
        "schema": {"type": "array", "items": schema} if several else schema,
        **({"style": "form", "explode": True} if several else {}),
        **kwargs,
    }


PAGE = parameter("page", _("Number of the page."), {"type": "integer", "minimum": 1})
SIZE = parameter(
    "par_page",
    _("How many a page."),
    {"type": "integer", "minimum": 1, "maximum": MOST_PER_PAGE, "default": PAR_PAGE},
)
LANGUAGE = parameter(
    "langue",
    _("Language of the contents; without it, French."),
    {"type": "string", "enum": content_language.languages()},
    example=content_language.default_language(),
)
SINCE = parameter("depuis", _("Changed at this instant or later (ISO 8601)."), example="2026-11-25T08:30:00+01:00")
# The parameters of a list beside its filters: see `lists.Choice`.
CHOICE = {
    "id": parameter("id", _("Only these, by their number."), {"type": "integer", "minimum": 1}, several=True),
    "uid": parameter("uid", _("Only these, by their identifier."), {"type": "string", "format": "uuid"}, several=True),
    "exemple": parameter(
        "exemple", _("0: without fictitious records; 1: these only."), {"type": "string", "enum": ["0", "1"]}
    ),
    "champs": parameter(
        "champs",
        _("Only these keys of each item, separated by commas."),
        example="titre,url",
    ),
    "curseur": parameter("curseur", _("Where a page begins: taken from “next”, never made up.")),
}
PARAMETERS = [
    parameter("q", _("Words, in any form: accents, plural and small slips don’t matter.")),
    parameter(
        "departement", _("Département."), {"type": "string", "enum": list(territory().departements)}, several=True
    ),
    parameter("commune", _("INSEE code or name of a commune."), several=True, example=["25056"]),
    parameter("sphere", _("Sphere."), {"type": "string", "enum": Sphere.values}, several=True),
    parameter("statut", _("Legal form."), {"type": "string", "enum": StatutJuridique.values}, several=True),
    parameter("effectif", _("INSEE’s band of staff size."), several=True, example=["10-19"]),
    parameter("edition", _("Year of the rally."), several=True, example=["2013"]),
    parameter("mot-cle", _("Keyword."), several=True),
    parameter("partenaire", _("Address name of the associated partner."), several=True),
    parameter("prime", _("1: only the fiches that were awarded a prize."), {"type": "string", "enum": ["1"]}),
    parameter("bbox", _("An area: west,south,east,north, in degrees."), example="5.7,47.1,6.5,47.6"),
    parameter(
        "autour",
        _("A place: latitude,longitude, in degrees, the name of a commune, or a postcode."),
        example="47.24,6.02",
    ),
    parameter("rayon", _("Kilometres around it."), {"type": "number", "default": 20}),
    SINCE,
    LANGUAGE,
    parameter("tri", _("Order."), {"type": "string", "enum": list(TRIS)}),
    PAGE,
    SIZE,
    *(CHOICE[name] for name in ("id", "uid", "exemple", "curseur")),
]
# Those that other apps add.
_added: list[dict[str, Any]] = []


def query_language(*more: dict[str, Any], without: tuple[str, ...] = ()) -> dict[str, Any]:
    """Returns ``openapi_extra`` of a route that takes the query language.

    :param more: parameters to add.
    :param without: names of parameters to leave out.
    """
    return {"parameters": [known for known in PARAMETERS if known["name"] not in without] + list(more)}


def add_parameter(name: str, description: str, **kwargs: Any) -> None:
    """Adds a parameter to the query language's description; called from ``AppConfig.ready()`` by the app that parses it."""
    _added.append(parameter(name, description, **kwargs))


def grid_parameters() -> list[Any]:
    """Returns a parameter for each dimension of the grid; cached until the grid changes."""
    return memoize("dimensions_of_api", _read_grid, shared=True)


def _read_grid() -> list[Any]:
    dimensions = Dimension.objects.prefetch_related("criteres")
    return [
        parameter(
            dimension.slug,
            f"{dimension.nom[:1].upper()}{dimension.nom[1:]}. {dimension.definition}".strip(),
            {"type": "string", "enum": [critere.slug for critere in dimension.criteres.all()]},
            several=True,
        )
        for dimension in dimensions
        if dimension.criteres.all()
    ]


def describe_slug(operation: dict[str, Any]) -> None:
    """Describes the part ``{slug}`` of an OpenAPI operation's path, if it has one."""
    for known in operation.get("parameters", ()):
        if (known["name"], known["in"]) == ("slug", "path"):
            known["description"] = str(_("Its name in addresses, its identifier (uid), or a former name."))


def add_dimensions(operation: dict[str, Any], dimensions: list[Any] | tuple[Any, ...]) -> None:
    """Adds what other apps added and ``dimensions`` to an OpenAPI operation that takes the query language of the fiches, before the
    parameters of place and date."""
    names = [known["name"] for known in operation.get("parameters", ())]
    if "mot-cle" in names:
        where = names.index("bbox")
        operation["parameters"][where:where] = [*_added, *dimensions]


QUERY_LANGUAGE = {"parameters": PARAMETERS}
OF_A_LIST = query_language(CHOICE["champs"])
IN_LANGUAGE = {"parameters": [LANGUAGE]}
PAGED = [LANGUAGE, SINCE, PAGE, SIZE]
LANGUAGE_IN_WORDS = _(
    "The lists of fiches take the same parameters as the site’s own pages: an address copied from the site keeps its"
    " meaning here. Each dimension of the grid is a parameter too (its names are at /grille): values of one parameter"
    " add up, parameters narrow each other. What can’t be read is refused with the reason, never ignored."
)
