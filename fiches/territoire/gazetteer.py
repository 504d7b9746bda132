"""The gazetteer of communes: loads the territory's from the shipped data, and finds communes by the names and codes that people
type."""

import csv
import gzip
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from django.apps import apps
from django.core.checks import CheckMessage, Tags, register
from django.core.checks import Warning as Caution
from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Case, IntegerField, QuerySet, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from rapidfuzz import process
from rapidfuzz.distance import OSA
from rapidfuzz.fuzz import ratio

from fiches.models.bulk import delete_rows, update
from fiches.models.enums import Precision
from fiches.models.territoire import Commune, Localisable
from fiches.territoire.territory import DATA, Territory, territory, territory_words

COMMUNES = DATA / "communes.csv.gz"
MAX_QUERY = 200
MAX_NAME = 100
BETWEEN_NAMES = "\u00a0; "
MAX_CANDIDATES = 6
LIGATURES = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae"})
# « St » and « Ste », not « Sté » (a company), in decomposed text without case.
SAINT = re.compile(r"\b(?<![\u0300-\u036f])st(?=e?\b(?![\u0300-\u036f]))")
ARTICLES = ("le ", "la ", "les ", "l ")


class _FoldingTable(dict):
    """Table for ``str.translate``: removes combining marks, and replaces what is neither letter nor digit by a space."""

    MAX_SIZE = 5_000

    def __missing__(self, code: int) -> int | str | None:
        character = chr(code)
        target = None if unicodedata.combining(character) else code if character.isalnum() else " "
        if len(self) < self.MAX_SIZE:
            self[code] = target
        return target


_FOLDING = _FoldingTable()


def fold(text: Any) -> str:
    """Returns ``text`` without accents, case, ligatures, hyphens or abbreviations: « St-Hippolyte » gives « saint hippolyte »."""
    text = re.sub(r"\bs/", "sur ", text.translate(LIGATURES).casefold())
    text = SAINT.sub("saint", unicodedata.normalize("NFKD", text))
    return " ".join(text.translate(_FOLDING).split())


def load_communes(model: Any = Commune, *, of: Territory | None = None) -> int:
    """Loads the communes of a territory, by default the site's, into the database; returns how many there are. Idempotent.

    Keeps communes outside the territory (see :func:`remove_outside`). ``model`` may be a migration's historical model.
    """
    communes = [_from_row(model, row) for row in read_gazetteer((of or territory()).departements)]
    fields = [f.name for f in model._meta.concrete_fields if not f.primary_key]
    model.objects.bulk_create(
        communes, batch_size=200, update_conflicts=True, unique_fields=["code_insee"], update_fields=fields
    )
    return len(communes)


def remove_outside(*, of: Territory | None = None) -> int:
    """Removes the communes outside a territory, by default the site's, except those where something lies; returns how many of these
    stay. Sends no signal, since no page shows what it removes: the caller changes the version once."""
    outside = Commune.objects.exclude(departement__in=(of or territory()).departements)
    used = {
        pk
        for model in _located_models()
        for pk in model._base_manager.exclude(commune=None).values_list("commune", flat=True)
    }
    delete_rows(outside.exclude(pk__in=used))
    return outside.count()


def _located_models() -> list[Any]:
    return [model for model in apps.get_models() if issubclass(model, Localisable)]


def read_gazetteer(departements: Iterable[str]) -> Iterator[dict[str, str]]:
    """Yields the rows of the shipped table, as dicts, for these départements."""
    wanted = set(departements)
    with gzip.open(COMMUNES, "rt", encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        columns = next(rows)
        place = columns.index("departement")
        yield from (dict(zip(columns, row, strict=True)) for row in rows if row[place] in wanted)


def _from_row(model: type, row: dict[str, str]) -> Commune:
    latitude, longitude = (float(row[name]) if row[name] else None for name in ("latitude", "longitude"))
    return model(
        code_insee=row["code_insee"],
        nom=row["nom"],
        nom_normalise=fold(row["nom"]),
        departement=row["departement"],
        codes_postaux=row["codes_postaux"].split(),
        population=int(row["population"]) if row["population"] else None,
        latitude=latitude,
        longitude=longitude,
        source=row["source"],
    )


def relocate() -> None:
    """Updates the position of all records that stand at the centre of their commune, after the centres changed."""
    for model in _located_models():
        for commune in Commune.objects.located().filter(pk__in=model._base_manager.values("commune")):
            _move(model, commune)


def _move(model: Any, commune: Any) -> None:
    """Updates the records of ``model`` that stand at the centre of ``commune``."""
    position = {"latitude": commune.latitude, "longitude": commune.longitude}
    by_commune = model._base_manager.filter(commune=commune, point="", sans_localisation=False)
    moved = by_commune.exclude(**position, precision=Precision.COMMUNE)
    update(moved, **position, precision=Precision.COMMUNE)


class CommuneReading(NamedTuple):
    """One interpretation of a text that names a commune: a folded name, the code beside it, a département."""

    name: str
    code: str = ""
    departement: str = ""


def readings(text: str | None) -> Iterator[CommuneReading]:
    """Yields the interpretations of ``text``, the likeliest first: the département at the end may belong to the name
    (« L’Isle-sur-le-Doubs ») or not (« Flagey (25330, Doubs) »).

    Of a CEDEX code, which is no commune's postcode, only the département is used.
    """
    words = fold(str(text or "")[:MAX_QUERY]).split()
    digits = next((word for word in words if re.fullmatch("[0-9]{2,5}|2[ab][0-9]{0,3}", word)), "")
    code = digits[:2] if "cedex" in words else digits
    words = words[: words.index("cedex")] if "cedex" in words else words
    name = " ".join(word for word in words if word != digits)[:MAX_NAME]
    departements = territory().departements
    departement = code.upper() if name and code.upper() in departements else ""
    code = "" if departement else code.upper()
    yield CommuneReading(name, code, departement)
    for key, area in departements.items():
        label = fold(area.nom)
        if name.endswith(f" {label}"):
            yield CommuneReading(name.removesuffix(f" {label}"), code, key)


def find_communes(text: str | None, limit: int = 10) -> list[Commune]:
    """Returns at most ``limit`` communes whose name, a word of it, or a code starts with ``text``.

    Exact names come first, then the most populated communes. Never raises.
    """
    for reading in readings(text):
        communes = list(_matching(reading)[:limit])
        if communes:
            return communes
    return []


def _matching(reading: CommuneReading) -> QuerySet:
    name, code, departement = reading
    if not name and not code:
        return Commune.objects.none()
    communes = Commune.objects.filter(departement=departement) if departement else Commune.objects.all()
    if code:
        communes = communes.coded(code)
    if name:
        communes = communes.named(name)
    rank = Case(
        When(nom_normalise__in=_spellings(name), then=0),
        When(nom_normalise__startswith=name, then=1),
        default=2,
        output_field=IntegerField(),
    )
    return communes.order_by(rank, Coalesce("population", 0).desc(), "nom_normalise", "code_insee")


def _spellings(name: str) -> list[str]:
    """Returns the name, and the name with each article, which people leave out: « Rousses » for « Les Rousses »."""
    return [name, *(article + name for article in ARTICLES)]


def resolve_commune(text: str | None) -> Commune:
    """Returns the only commune that ``text`` names in full.

    :raises ValidationError: when there are several or none; the message lists the candidates, or the most similar names.
    """
    for reading in readings(text):
        communes = _named_in_full(reading)
        if len(communes) == 1:
            return communes[0]
        if communes:
            raise _ambiguous(text, communes)
    raise _unknown(text)


def _named_in_full(reading: CommuneReading) -> list[Commune]:
    """The communes of this name, else those of this name with an article. One query."""
    name, code, departement = reading
    if not name and len(code) != 5:
        return []
    communes = Commune.objects.filter(departement=departement) if departement else Commune.objects.all()
    if code:
        communes = communes.coded(code)
    if name:  # few communes have the same name
        homonyms = list(communes.filter(nom_normalise__in=_spellings(name)))
        return [each for each in homonyms if each.nom_normalise == name] or homonyms
    return list(communes[: MAX_CANDIDATES + 1])


def _ambiguous(text: str | None, communes: list[Commune]) -> ValidationError:
    names = [str(commune) for commune in communes[:MAX_CANDIDATES]]
    if len(communes) > MAX_CANDIDATES:
        names.append("…")
    message = _("Several communes answer to “%(text)s”: %(communes)s. Choose one.")
    return ValidationError(
        message, code="ambiguous", params={"text": _printable(text), "communes": BETWEEN_NAMES.join(names)}
    )


def _unknown(text: Any) -> ValidationError:
    nearest = nearest_communes(text)
    if not nearest:
        message = _("“%(text)s” is not a commune %(of_territory)s.")
        return ValidationError(message, code="unknown", params={"text": _printable(text), **territory_words()})
    message = _("“%(text)s” is not a commune %(of_territory)s. Did you mean: %(communes)s?")
    params = {
        "text": _printable(text),
        "communes": BETWEEN_NAMES.join(map(str, nearest)),
        **territory_words(),
    }
    return ValidationError(message, code="unknown", params=params)


def nearest_communes(text: str | None, limit: int = 3) -> list[Commune]:
    """Returns at most ``limit`` communes whose names start with ``text``, else those whose names are a slip away: one letter, two in
    a long name."""
    communes = find_communes(text, limit)
    if communes:
        return communes
    name = next(readings(text)).name
    slips = 1 if len(name) < 8 else 2
    known = set(Commune.objects.values_list("nom_normalise", flat=True))
    near = process.extract_iter(name, known, scorer=OSA.distance, score_cutoff=slips)
    names = sorted((each for each, _far, _key in near), key=lambda each: (-ratio(name, each), each))[:limit]
    alike = Commune.objects.filter(nom_normalise__in=names)
    return sorted(alike, key=lambda commune: names.index(commune.nom_normalise))[:limit]


def _printable(text: Any) -> str:
    text = "".join(c for c in str(text) if c.isprintable())
    return text if len(text) <= 60 else f"{text[:60]}…"


@register(Tags.database, "rallynov")
def communes_are_the_territorys(
    app_configs: Any = None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Checks that the database holds the communes of the territory."""
    if DEFAULT_DB_ALIAS not in (databases or ()):
        return []
    if Commune._meta.db_table not in connections[DEFAULT_DB_ALIAS].introspection.table_names():
        return []
    wanted = set(territory().departements)
    loaded = set(Commune.objects.order_by().values_list("departement", flat=True).distinct())
    if wanted <= loaded:
        return []
    text = (
        f"The database holds the communes of {', '.join(sorted(loaded))}, and RALLYNOV_TERRITOIRE names "
        f"{', '.join(sorted(wanted))}. Correct the variable, or run `manage.py territoire`."
    )
    return [Caution(text, id="rallynov.W002")]
