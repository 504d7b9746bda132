"""The classes of which the table of a fiche's fields (:mod:`fiches.models.champs`) is made. Data only."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from django.utils.text import capfirst


class ValueKind(Enum):
    """The type of a field's value. Forms, APIs, exports and imports choose how to read and write a field by its kind."""

    KEY = auto()
    UUID = auto()
    TYPE = auto()
    TEXT = auto()
    LONG_TEXT = auto()
    NUMBER = auto()
    DECIMAL = auto()
    TRUTH = auto()
    CHOICE = auto()
    LINK = auto()
    PHONE = auto()
    EMAIL = auto()
    SIRET = auto()
    NAF = auto()
    POSTCODE = auto()
    COMMUNE = auto()
    POINT = auto()
    INSTANT = auto()
    PICTURE = auto()
    BODY = auto()
    CONTACT = auto()
    CRITERIA = auto()
    KEYWORDS = auto()
    EDITION = auto()
    PARTNER = auto()
    FUNDERS = auto()
    ETAPES = auto()
    PRIX = auto()


class Visibility(Enum):
    """Who may read a field: everyone; everyone once its owner agreed (``<name>_public`` ticked); the staff alone."""

    PUBLIC = auto()
    CONSENT = auto()
    PRIVATE = auto()


class GroupeDeChamps(Enum):
    """The group of a field in the admin's form and on the page."""

    PAGE = auto()
    INNOVATION = auto()
    PHOTO = auto()
    GRILLE = auto()
    ORGANISATION = auto()
    LOGO = auto()
    CONTACT = auto()
    LIEU = auto()
    PARTENAIRE = auto()
    CONTACT_DU_PARTENAIRE = auto()
    PUBLICATION = auto()


class Part(Enum):
    """A part of the dossier's form; ``candidatures.forms`` says which step shows it."""

    WHO = auto()
    WHERE = auto()
    SHORT = auto()
    GRID = auto()
    KEYWORDS = auto()
    PHOTO = auto()
    LOGO = auto()
    CONTACT = auto()


class Personal(Enum):
    """What erasing a person does to a field: PERSON empties it with its group, MENTION replaces the name by a dash, CODE and
    NOTHING leave it (a code can't name anybody; the field holds no text)."""

    PERSON = auto()
    MENTION = auto()
    CODE = auto()
    NOTHING = auto()


# In the facets below, ``after`` is the name of the field after which this one stands, when that isn't the order of the table.


@dataclass(frozen=True)
class Panel:
    """The field in the admin's form, in its group. ``beside``: on the same row as the previous field."""

    beside: bool = False
    after: str = ""


@dataclass(frozen=True)
class JsonKey:
    """The field in the partner API.

    :param name: the key; by default, the field's name.
    :param description: in the schema; by default, the field's; ``""`` for none.
    :param example: in the schema.
    :param label_key: for a choice, the key of its label.
    :param is_closed: for a choice, whether the schema lists its values.
    """

    name: str = ""
    description: Any = None
    example: Any = None
    label_key: str = ""
    is_closed: bool = False
    after: str = ""


@dataclass(frozen=True)
class OpenDataColumn:
    """The field in the open data (CSV, XLSX, Table Schema); the column has the name of the key.

    :param rules: constraints of Table Schema, in addition to those of its kind.
    """

    description: Any = None
    rules: dict = field(default_factory=dict)
    after: str = ""


@dataclass(frozen=True)
class Imported:
    """The field in the files that the admin imports and exports.

    :param name: the heading of its column.
    :param also: other headings that an import accepts.
    """

    name: str
    also: tuple[str, ...] = ()
    example: str = ""
    is_required: bool = False
    after: str = ""


@dataclass(frozen=True)
class Question:
    """The field in the dossier's form.

    :param name: the name of the form field; by default, the field's.
    :param label: its short name, in summaries and on the staff's screens; by default, the field's.
    :param asked: the question as one would ask it aloud, above the form field; by default, ``label``.
    :param limit: the maximum number of characters.
    :param is_folded: asked among the optional questions, which a step keeps folded.
    """

    part: Part
    name: str = ""
    label: Any = ""
    asked: Any = ""
    help: Any = ""
    limit: int = 120
    rows: int = 6
    is_required: bool = False
    is_radio: bool = False
    is_folded: bool = False
    autocomplete: str = ""
    after: str = ""


@dataclass(frozen=True)
class Row:
    """The field as a line « label: value » on the page or on paper."""

    label: Any = ""
    after: str = ""


@dataclass(frozen=True)
class Champ:
    """One field of a fiche.

    :param name: the column, property or relation of ``FichePage``.
    :param label: the ``verbose_name``, in lower case.
    :param help: the help text in the admin's form.
    :param description: its meaning, in public documentation.
    :param consent: the text by which a person agrees to show it (``Visibility.CONSENT``).
    :param unit: a lazy ``ngettext`` that formats the value with its unit: ``unit % {"number": 3}``.
    """

    name: str
    label: Any
    kind: ValueKind
    groupe: GroupeDeChamps
    visibility: Visibility = Visibility.PUBLIC
    help: Any = ""
    description: Any = ""
    consent: Any = ""
    unit: Any = ""
    personal: Personal = Personal.NOTHING
    panel: Panel | None = None
    key: JsonKey | None = None
    column: OpenDataColumn | None = None
    imported: Imported | None = None
    question: Question | None = None
    on_page: Row | None = None
    on_paper: Row | None = None

    def __post_init__(self) -> None:
        shown = (self.key, self.column, self.on_page, self.on_paper)
        if self.visibility is not Visibility.PUBLIC and any(shown):
            raise ValueError(f"{self.name} is not public: it has no key, column or row outside.")
        if (self.column or self.on_paper) and not self.key:
            raise ValueError(f"{self.name} has no key: open data and paper are made of the API’s contents.")

    @property
    def title(self) -> Any:
        """The label with a capital."""
        return capfirst(self.label)

    @property
    def key_name(self) -> str:
        return (self.key and self.key.name) or self.name

    @property
    def answer_name(self) -> str:
        return (self.question and self.question.name) or self.name


def in_order(champs: Iterable[Champ], facet: str) -> list[Champ]:
    """The fields that have ``facet``, in the order of the table, except those whose ``after`` gives them another place.

    :raises ValueError: ``after`` names a field without this facet.
    """
    having = [champ for champ in champs if getattr(champ, facet)]
    ordered = [champ for champ in having if not getattr(champ, facet).after]
    moved = [champ for champ in having if getattr(champ, facet).after]
    while moved:
        names = [champ.name for champ in ordered]
        champ = next((champ for champ in moved if getattr(champ, facet).after in names), None)
        if champ is None:
            raise ValueError(f"{moved[0].name} stands after a field without {facet}.")
        moved.remove(champ)
        ordered.insert(names.index(getattr(champ, facet).after) + 1, champ)
    return ordered
