"""The territory of the site: the départements of the setting RALLYNOV_TERRITOIRE, with their names, boxes and outlines.

Everything that depends on the region asks :func:`territory`. Only Django's settings, the shipped data and the file of outlines that
the operator stored are read.
"""

import gzip
import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import get_language
from django.utils.translation import gettext as _

DATA = Path(__file__).parents[1] / "data"
DEFAULT = "25,39,70,90"
# The GeoJSON that the operator gave, in the storage of the site.
OUTLINES = "territoire/limites.geojson"
# The borders that are shipped, and of which départements they are: each line as ``[x, y, dx, dy, dx, dy…]`` in ten-thousandths of a
# degree, longitude first.
SHIPPED = DATA / "limites-franche-comte.json.gz"
SHIPPED_FOR = {"25", "39", "70", "90"}
ARTICLES = {
    "le ": ("dans le ", "du "),
    "la ": ("dans la ", "de la "),
    "les ": ("dans les ", "des "),
    "l’": ("dans l’", "de l’"),
}
VOWELS = tuple("aeiouyàâéèêëîïôûhAEIOUYÀÂÉÈÊËÎÏÔÛH")


class UnknownDepartementError(ValueError):
    """The setting names no département, or one that does not exist; the message is for the operator."""


class Area(NamedTuple):
    """A name and its two French forms: « Bretagne », « en Bretagne » (lieu), « de Bretagne » (de)."""

    nom: str
    lieu: str
    de: str


class Territory(NamedTuple):
    """The départements of the site, together.

    Attributes: area; departements (``{code: Area}``); boxes (``{code: (south, west, north, east)}`` in degrees, exactly around
    the outlines).
    """

    area: Area
    departements: dict[str, Area]
    boxes: dict[str, tuple[float, float, float, float]]

    @property
    def names(self) -> dict[str, str]:
        """``{code: name}`` of the départements."""
        return {code: area.nom for code, area in self.departements.items()}

    @property
    def box(self) -> tuple[float, float, float, float]:
        """The box around all the départements: south, west, north, east."""
        south, west, north, east = zip(*self.boxes.values(), strict=True)
        return min(south), min(west), max(north), max(east)


def territory() -> Territory:
    """The territory that the settings name.

    :raises ImproperlyConfigured: they name none, or one that does not exist.
    """
    codes = getattr(settings, "RALLYNOV_TERRITOIRE", "") or DEFAULT
    listed = codes if isinstance(codes, str) else ",".join(codes)
    try:
        return territory_of(listed, getattr(settings, "RALLYNOV_TERRITOIRE_NOM", "") or "")
    except UnknownDepartementError as error:
        raise ImproperlyConfigured(f"RALLYNOV_TERRITOIRE {error}") from error


@cache
def territory_of(listed: str, name: str = "") -> Territory:
    """The territory of these départements (« 22,29 »), under their usual name unless one is given.

    :raises UnknownDepartementError: as :func:`departement_codes`.
    """
    codes, known = departement_codes(listed), _areas()["departements"]
    entries = {code: known[code] for code in codes}
    departements = {code: Area(entry["nom"], entry["lieu"], entry["de"]) for code, entry in entries.items()}
    area = named_area(name) if name else _usual_area(codes) or _joined(departements.values())
    return Territory(area, departements, {code: tuple(entry["boite"]) for code, entry in entries.items()})


def departement_codes(listed: str) -> list[str]:
    """The codes in a text such as « 22, 29,35 », sorted, each once.

    :raises UnknownDepartementError: it names none, or one that does not exist.
    """
    codes = sorted({code.strip().upper() for code in listed.split(",") if code.strip()})
    if not codes:
        raise UnknownDepartementError("ne nomme aucun département : écrivez des numéros, comme 22,29,35,56.")
    for code in codes:
        if code not in _areas()["departements"]:
            raise UnknownDepartementError(
                f"nomme « {code} », qui n’est pas un département : écrivez des numéros, comme 22,29,35,56."
            )
    return codes


@cache
def _areas() -> dict[str, Any]:
    return json.loads((DATA / "territoires.json").read_text(encoding="utf-8"))


def _usual_area(codes: list[str]) -> Area | None:
    """The region, of today or of before 2016, that these départements are exactly; a département alone is itself."""
    if len(codes) == 1:
        return None
    for region in _areas()["regions"]:
        if region["departements"] == codes:
            return Area(region["nom"], region["lieu"], region["de"])
    return None


def _joined(areas: Iterable[Area]) -> Area:
    def listed(texts: tuple[str, ...]) -> str:
        *first, last = texts
        return f"{', '.join(first)} et {last}" if first else last

    return Area(*(listed(texts) for texts in zip(*areas, strict=True)))


def named_area(name: str) -> Area:
    """The forms of a name as people write it: « le Pays de Nantes », « les Vosges du Nord », or « Bretagne » without an article."""
    for article, (within, of) in ARTICLES.items():
        for start in (article, article.replace("’", "'")):
            if name.startswith(start):
                nom = name.removeprefix(start)
                return Area(nom, within + nom, of + nom)
    return Area(name, f"en {name}", f"d’{name}" if name.startswith(VOWELS) else f"de {name}")


def departement_choices() -> list[tuple[str, str]]:
    """Choices of a model's field; a migration stores this function's name, not the départements of one site."""
    return list(territory().names.items())


def territory_words() -> dict[str, str]:
    """The territory in the language of the page, for texts with ``%(in_territory)s`` or ``%(of_territory)s``: « en Bretagne »,
    « de Bretagne »; and its bare name, ``%(territory)s``."""
    area = territory().area
    if (get_language() or "").startswith("fr"):
        return {"territory": area.nom, "in_territory": area.lieu, "of_territory": area.de}
    return {
        "territory": area.nom,
        "in_territory": _("in %(territory)s") % {"territory": area.nom},
        "of_territory": _("of %(territory)s") % {"territory": area.nom},
    }


def in_departement(code: str) -> str:
    """« dans le Doubs »: the département with its preposition, in the language of the page."""
    departement = territory().departements[code]
    if (get_language() or "").startswith("fr"):
        return departement.lieu
    return _("in the département %(name)s") % {"name": departement.nom}


def outlines() -> list[dict[str, Any]]:
    """The GeoJSON features of the territory's départements (properties: code, nom; always MultiPolygon). Too approximate to decide
    where a point lies. The overseas départements have none."""
    return _outlines(tuple(territory().departements))


@cache
def _outlines(codes: tuple[str, ...]) -> list[dict[str, Any]]:
    features = json.loads(gzip.decompress((DATA / "departements.geojson.gz").read_bytes()))["features"]
    return [feature for feature in features if feature["id"] in codes]


class OutlinesError(Exception):
    """The file can't be read as GeoJSON; the message is for the operator."""


def store_outlines(path: Path) -> int:
    """Keeps a GeoJSON file of the communes' outlines, which maps draw as it is; returns how many outlines it has.

    :raises OutlinesError: nothing is changed then.
    """
    try:
        number = len(json.loads(path.read_text(encoding="utf-8"))["features"])
    except OSError as error:
        raise OutlinesError(
            _("%(path)s can’t be read: %(error)s.") % {"path": path, "error": error.strerror}
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise OutlinesError(_("%(path)s is not GeoJSON with the outlines of communes.") % {"path": path}) from error
    if default_storage.exists(OUTLINES):
        default_storage.delete(OUTLINES)
    default_storage.save(OUTLINES, ContentFile(path.read_bytes()))
    return number


def stored_outlines() -> Any:
    """The operator's GeoJSON; without one, the lines that are shipped with their territory; else none."""
    if default_storage.exists(OUTLINES):
        with default_storage.open(OUTLINES) as file:
            return json.loads(file.read())
    is_shipped = set(territory().departements) == SHIPPED_FOR
    return json.loads(gzip.decompress(SHIPPED.read_bytes())) if is_shipped else []
