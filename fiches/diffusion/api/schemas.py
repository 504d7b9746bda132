"""Schemas of the partner API's responses. Removing a key or changing its type is a breaking change."""

from collections.abc import Iterable
from datetime import date as day
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import Field, create_model

from fiches import content_language
from fiches.models import FichePage
from fiches.models.champs import champs_with
from fiches.models.declaration import Champ, GroupeDeChamps, ValueKind
from fiches.models.fields import REGISTERED_BLOCKS


def described(text: str | None, example: Any = None, **kwargs: Any) -> Any:
    """Returns a pydantic Field with a description (None for none) and an example."""
    description = None if text is None else str(text)
    return Field(description=description, **({"examples": [example]} if example is not None else {}), **kwargs)


# A language of the contents, as in the parameter ``langue``.
CodeDeLangue = Annotated[str, Field(json_schema_extra={"enum": content_language.languages()})]
# A local time, such as 14:00.
Heure = Annotated[str, Field(pattern=r"^\d\d:\d\d$", examples=["14:00"])]


class Format(Schema):
    """A file of a picture, for a ``source`` element."""

    type: Literal["image/webp", "image/jpeg", "image/png"]
    url: str


class Foyer(Schema):
    """A focal point, as fractions of the width and of the height from the top left."""

    x: float
    y: float


class Taille(Schema):
    """A picture at one size."""

    url: str = described(_("The file as WebP."))
    largeur: int
    hauteur: int
    formats: list[Format] = described(_("The same file in each format, the best one first."))


class Tailles(Schema):
    vignette: Taille = described(_("480 × 320 pixels, cropped"))
    moyenne: Taille = described(_("960 pixels at most"))
    grande: Taille = described(_("1,920 pixels at most"))


class Image(Schema):
    alt: str = described(_("Alternative text; empty when the picture is decorative."))
    decorative: bool
    credit: str = described(_("Who made the picture: to be shown with it."))
    licence: str = described(_("Under which the picture may be used; empty when its author agreed to none."))
    foyer: Foyer | None = described(_("Where a crop of your own is to be centred; null where it doesn’t matter."))
    tailles: Tailles


class Contact(Schema):
    """A person's contact details; those that the person didn't agree to show are empty."""

    nom: str
    fonction: str
    telephone: str = described(_("As it is dialled in France."), "01 99 00 57 57")
    courriel: str


class BlocTexte(Schema):
    type: Literal["texte"]
    html: str
    texte: str = described(_("The same without tags."))


class BlocTitre(Schema):
    type: Literal["titre"]
    titre: str


class BlocCitation(Schema):
    type: Literal["citation"]
    texte: str
    auteur: str
    fonction: str


class ImageLegendee(Schema):
    image: Image
    legende: str


class BlocImage(ImageLegendee):
    type: Literal["image"]


class BlocGalerie(Schema):
    type: Literal["galerie"]
    images: list[ImageLegendee]


class Chiffre(Schema):
    valeur: str
    libelle: str


class BlocChiffresCles(Schema):
    type: Literal["chiffres_cles"]
    chiffres: list[Chiffre]


class Pas(Schema):
    quand: str
    titre: str
    texte: str


class BlocMiseEnOeuvre(Schema):
    type: Literal["mise_en_oeuvre"]
    etapes: list[Pas]


class BlocVideo(Schema):
    type: Literal["video"]
    adresse: str
    titre: str
    duree: str
    vignette: Image | None
    transcription: str = described(_("HTML"))


class BlocDocument(Schema):
    type: Literal["document"]
    titre: str
    url: str
    format: str = described(_("The file's extension."), "pdf")
    octets: int | None


def add_registered_blocks(shape: dict[str, Any]) -> None:
    """Adds to the JSON Schema of a list's blocks those that other apps registered, whose keys are their own."""
    if names := [*REGISTERED_BLOCKS]:
        properties = {"type": {"enum": names}, "html": {"type": "string"}}
        shape["oneOf"].append({"type": "object", "properties": properties, "required": ["type", "html"]})
        del shape["discriminator"]  # it names each type's schema


# Which of the blocks of a text one is.
ONE_BLOCK = Field(discriminator="type", json_schema_extra=add_registered_blocks)
Bloc = Annotated[
    BlocTexte
    | BlocTitre
    | BlocCitation
    | BlocImage
    | BlocGalerie
    | BlocChiffresCles
    | BlocMiseEnOeuvre
    | BlocVideo
    | BlocDocument,
    ONE_BLOCK,
]


class Critere(Schema):
    slug: str
    nom: str


class CritereDefini(Critere):
    definition: str


class DimensionDeFiche(Schema):
    dimension: str = described(
        _("The dimension's name in addresses: a parameter of the query language."), "centree-sur"
    )
    nom: str = described(_("The dimension in words."), "centrée sur")
    criteres: list[Critere]


class Dimension(Schema):
    dimension: str = described(
        _("The dimension's name in addresses: a parameter of the query language."), "centree-sur"
    )
    nom: str = described(_("The dimension in words."), "centrée sur")
    definition: str
    criteres: list[CritereDefini]


class PartenaireBref(Schema):
    slug: str
    nom: str
    sigle: str
    site: str
    logo: Image | None


class PartenaireAssocie(PartenaireBref):
    contact: Contact | None


class Financeur(PartenaireBref):
    mention: str = described(_("The exact wording that the funder asks for, if any."))


class Partenaire(PartenaireBref):
    roles: list[str] = described(_("What the partner does in the rally."), ["financeur"])
    presentation: str
    contact: Contact | None
    exemple: bool = described(_("True for a fictitious record."))


class Prix(Schema):
    """A prize, listed after the end of its edition's embargo."""

    edition: int | None
    categorie: str
    rang: int | None = described(
        _("1 for the first prize; null for a special mention. Two fiches may share a rank."), 1
    )
    libelle: str = described(_("The prize in words."), "Premier prix")
    citation: str
    url: str = described(_("The fiche’s address."))


class FicheBreve(Schema):
    id: int
    titre: str
    slug: str
    organisation: str
    url: str


class EtapeBreve(Schema):
    id: int
    titre: str
    slug: str
    numero: int | None
    date: day | None = described(_("Null while it is not known."))
    commune: str
    url: str


# Type of a key, by the kind of its field; any other kind is text.
TYPES: dict[ValueKind, Any] = {
    ValueKind.KEY: int,
    ValueKind.UUID: UUID,
    ValueKind.TYPE: Literal["fiche"],
    ValueKind.NUMBER: int | None,
    ValueKind.DECIMAL: float | None,
    ValueKind.TRUTH: bool,
    ValueKind.INSTANT: datetime | None,
    ValueKind.PICTURE: Image | None,
    ValueKind.BODY: list[Bloc],
    ValueKind.CONTACT: Contact | None,
    ValueKind.CRITERIA: list[DimensionDeFiche],
    ValueKind.KEYWORDS: list[str],
    ValueKind.EDITION: int | None,
    ValueKind.PARTNER: PartenaireAssocie | None,
    ValueKind.FUNDERS: list[Financeur],
    ValueKind.ETAPES: list[EtapeBreve],
    ValueKind.PRIX: list[Prix],
}


def shape_of(champs: Iterable[Champ], base: type[Schema]) -> Any:
    """Returns a schema with the keys of these fields, required, in their order."""
    fields: dict[str, Any] = {}
    for champ in champs:
        key = champ.key
        kind = Literal[tuple(choices_of(champ))] if key.is_closed else TYPES.get(champ.kind, str)
        kind = CodeDeLangue if champ.name == "langue" else kind
        description = champ.description if key.description is None else key.description
        fields[champ.key_name] = (kind, described(description or None, key.example))
        if key.label_key:
            fields[key.label_key] = (str, ...)
    return create_model("Shape", __base__=base, **fields)


def choices_of(champ: Champ) -> list[str]:
    """Returns the values of a choice field, as the model lists them."""
    return [value for value, _label in FichePage._meta.get_field(champ.name).flatchoices]


_Lieu = shape_of(champs_with("key", groupe=GroupeDeChamps.LIEU), Schema)


class Lieu(_Lieu):
    """The location of a page."""


_Fiche = shape_of([champ for champ in champs_with("key") if champ.groupe is not GroupeDeChamps.LIEU], Lieu)


class Fiche(_Fiche):
    """An innovation with all its public fields."""


class Suppression(Schema):
    """A page that is no longer to be shown: deleted, withdrawn, expired or made private."""

    id: int
    uid: UUID | None = described(_("The same across sites: names it in feeds and calendars."))
    type: str = described(_("What the page was."), "fiche")
    langue: CodeDeLangue = described(_("Language of its words."), "fr")
    slug: str
    url: str = described(_("The address where it stood; empty where it is not known."))
    retire_le: datetime


class ValeurDeFacette(Schema):
    valeur: str
    libelle: str
    nombre: int = described(_("How many fiches ticking this value alone would show."))
    retenu: bool


class Facette(Schema):
    parametre: str
    libelle: str
    grille: bool = described(_("True for a dimension of the grid."))
    valeurs: list[ValeurDeFacette]


class Facettes(Schema):
    count: int
    phrase: str = described(_("The query in words."))
    facettes: list[Facette]


class Point(Schema):
    type: Literal["Point"]
    coordinates: Annotated[list[float], Field(min_length=2, max_length=2)]


class Proprietes(Schema):
    id: int
    titre: str
    organisation: str
    slug: str
    url: str
    commune: str = described(_("The commune's INSEE code."), "25056")
    departement: str
    par_commune: bool = described(_("True when the point is the centre of the commune."))


class Feature(Schema):
    type: Literal["Feature"]
    id: int
    geometry: Point
    properties: Proprietes


class FeatureCollection(Schema):
    """RFC 7946. Fiches without a position are left out."""

    type: Literal["FeatureCollection"]
    features: list[Feature]
    licence: str
    attribution: str


class Liste(Schema):
    """The keys of every list."""

    count: int = described(_("How many answer, all pages together."))
    next: str | None = described(_("Address of the next page; it costs the same however far it is."))
    previous: str | None = described(_("Address of the page before."))


class Fiches(Liste):
    items: list[Fiche]


class Grille(Liste):
    items: list[Dimension]


class Partenaires(Liste):
    items: list[Partenaire]


class PrixDuPalmares(Prix):
    uid: UUID = described(_("The same across sites: names it in feeds and calendars."))
    exemple: bool = described(_("True for a fictitious record."))
    fiche: FicheBreve
    diplome: str = described(_("Its diploma as a PDF, if it has an address."))
    publie_le: datetime


class Palmares(Liste):
    items: list[PrixDuPalmares]


class Suppressions(Liste):
    items: list[Suppression]


class Probleme(Schema):
    """RFC 9457."""

    type: str = described(_("Address of the paragraph of the documentation that explains the problem, as a path."))
    title: str
    status: int
    detail: str
    parametres: dict[str, str] | None = described(_("Which parameter can't be read, and why."), default=None)
