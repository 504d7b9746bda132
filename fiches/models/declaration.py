"""What an entry of the table of a fiche's fields (:mod:`fiches.models.champs`) may say. Data only: each room reads its part."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from django.utils.text import capfirst


class Kind(Enum):
    """What a field holds: each room has one way to write and to read each kind that it shows."""

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


class Groupe(Enum):
    """Where a field belongs: a part of the admin's form, and of the page."""

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
    """A part of the dossier's form; ``candidatures.formulaires`` says which step shows it."""

    WHO = auto()
    WHERE = auto()
    SHORT = auto()
    GRID = auto()
    KEYWORDS = auto()
    PHOTO = auto()
    LOGO = auto()
    CONTACT = auto()


class Personal(Enum):
    """How a field forgets a person: emptied with those of its group; a dash takes the place of the name; a code, where
    nobody can be named; no text at all."""

    PERSON = auto()
    MENTION = auto()
    CODE = auto()
    NOTHING = auto()


# In what follows, ``after`` names the field after which this one stands there, where that isn't the order of the table.


@dataclass(frozen=True)
class Panel:
    """Its place in the admin's form, in its group. ``beside``: on the row of the field before it."""

    beside: bool = False
    after: str = ""


@dataclass(frozen=True)
class Key:
    """Its key in the partner API; ``name`` is the field's unless it says so.

    :param description: in the schema; the field's own unless it says so, "" for none.
    :param example: in the schema, and in the example of an answer.
    :param sample: in the example of an answer alone.
    :param label_key: of a choice: the key that holds its label.
    :param is_closed: of a choice: the schema lists its values.
    """

    name: str = ""
    description: Any = None
    example: Any = None
    sample: Any = None
    label_key: str = ""
    is_closed: bool = False
    after: str = ""


@dataclass(frozen=True)
class Column:
    """Its column in the open data (CSV, XLSX, Table Schema), named as its key.

    :param rules: Table Schema's constraints; those that its kind has needn't be said.
    """

    description: Any = None
    rules: dict = field(default_factory=dict)
    is_wide: bool = False
    after: str = ""


@dataclass(frozen=True)
class Imported:
    """Its column in the files that the admin takes in and gives out.

    :param also: other names by which it is known.
    """

    name: str
    also: tuple[str, ...] = ()
    example: str = ""
    is_required: bool = False
    after: str = ""


@dataclass(frozen=True)
class Question:
    """What the dossier asks.

    :param name: of the answer; the field's unless it says so.
    :param label: the field's unless it says so.
    :param limit: characters at most.
    """

    part: Part
    name: str = ""
    label: Any = ""
    help: Any = ""
    limit: int = 120
    rows: int = 6
    is_required: bool = False
    is_radio: bool = False
    autocomplete: str = ""
    after: str = ""


@dataclass(frozen=True)
class Row:
    """A line « label: value », on the page, on paper or in the Markdown."""

    label: Any = ""
    after: str = ""


@dataclass(frozen=True)
class Headless:
    """Its key in Wagtail's own APIs; a token writes it unless it follows from others."""

    is_written: bool = True
    after: str = ""


@dataclass(frozen=True)
class Champ:
    """One field of a fiche.

    :param name: of the column, property or relation of ``FichePage``.
    :param label: as the model calls it, without a capital.
    :param help: below the field in the admin's form.
    :param description: what it means, for those outside.
    :param consent: the wording by which a person agrees to show it (``Visibility.CONSENT``).
    :param unit: a number in words, plural told apart: ``unit % {"number": 3}``.
    """

    name: str
    label: Any
    kind: Kind
    groupe: Groupe
    visibility: Visibility = Visibility.PUBLIC
    help: Any = ""
    description: Any = ""
    consent: Any = ""
    unit: Any = ""
    personal: Personal = Personal.NOTHING
    panel: Panel | None = None
    key: Key | None = None
    column: Column | None = None
    imported: Imported | None = None
    question: Question | None = None
    headless: Headless | None = None
    on_page: Row | None = None
    on_paper: Row | None = None
    in_markdown: Row | None = None

    def __post_init__(self) -> None:
        shown = (self.key, self.column, self.headless, self.on_page, self.on_paper, self.in_markdown)
        if self.visibility is not Visibility.PUBLIC and any(shown):
            raise ValueError(f"{self.name} is not public: it has no key, column or row outside.")
        if (self.column or self.on_paper or self.in_markdown) and not self.key:
            raise ValueError(f"{self.name} has no key: open data, paper and Markdown are made of the API’s contents.")

    @property
    def title(self) -> Any:
        """Its label, as it heads a line or a control."""
        return capfirst(self.label)

    @property
    def key_name(self) -> str:
        return (self.key and self.key.name) or self.name

    @property
    def answer_name(self) -> str:
        return (self.question and self.question.name) or self.name


def in_order(champs: Iterable[Champ], facet: str) -> list[Champ]:
    """The fields that have ``facet``, in the order of the table, but for those that say after which one they stand.

    :raises ValueError: one stands after a field that isn't there.
    """
    having = [champ for champ in champs if getattr(champ, facet)]
    found = [champ for champ in having if not getattr(champ, facet).after]
    moved = [champ for champ in having if getattr(champ, facet).after]
    while moved:
        names = [champ.name for champ in found]
        champ = next((champ for champ in moved if getattr(champ, facet).after in names), None)
        if champ is None:
            raise ValueError(f"{moved[0].name} stands after a field without {facet}.")
        moved.remove(champ)
        found.insert(names.index(getattr(champ, facet).after) + 1, champ)
    return found
