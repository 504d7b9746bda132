"""The shapes that the partner API promises. A key that goes or changes its type is a breaking change (DESIGN 5)."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import Field, create_model

from fiches.models import FichePage
from fiches.models.champs import champs_with
from fiches.models.declaration import Champ, Groupe, Kind


def said(text, example=None, **kwargs):
    """A field with its description and an example."""
    description = None if text is None else str(text)
    return Field(description=description, **({"examples": [example]} if example is not None else {}), **kwargs)


Heure = Annotated[str, Field(pattern=r"^\d\d:\d\d$", examples=["14:00"])]
"""An hour of the place, such as 14:00."""


class Format(Schema):
    """A file of a picture, for a ``source`` element."""

    type: Literal["image/webp", "image/jpeg", "image/png"]
    url: str


class Foyer(Schema):
    """Parts of the width and of the height, from the top left."""

    x: float
    y: float


class Taille(Schema):
    """A picture at one size."""

    url: str = said(_("The file as WebP."))
    largeur: int
    hauteur: int
    formats: list[Format] = said(_("The same file in each format, the best one first."))


class Tailles(Schema):
    vignette: Taille = said(_("480 × 320 pixels, cropped"))
    moyenne: Taille = said(_("960 pixels at most"))
    grande: Taille = said(_("1,920 pixels at most"))


class Image(Schema):
    alt: str = said(_("Alternative text; empty when the picture is decorative."))
    decorative: bool
    credit: str = said(_("Who made the picture: to be shown with it."))
    foyer: Foyer | None = said(_("Where a crop of your own is to be centred; null where it doesn’t matter."))
    tailles: Tailles


class Contact(Schema):
    """Only what the person agreed to show; the rest is empty."""

    nom: str
    fonction: str
    telephone: str = said(_("As it is dialled in France."), "03 81 40 57 57")
    courriel: str


class BlocTexte(Schema):
    type: Literal["texte"]
    html: str
    texte: str = said(_("The same without tags."))


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
    transcription: str = said(_("HTML"))


class BlocDocument(Schema):
    type: Literal["document"]
    titre: str
    url: str
    format: str = said(_("The file's extension."), "pdf")
    octets: int | None


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
    Field(discriminator="type"),
]


class Critere(Schema):
    slug: str
    nom: str


class CritereDefini(Critere):
    definition: str


class DimensionDeFiche(Schema):
    dimension: str = said(_("The dimension's name in addresses: a parameter of the query language."), "centree-sur")
    nom: str = said(_("The dimension in words."), "centrée sur")
    criteres: list[Critere]


class Dimension(Schema):
    dimension: str = said(_("The dimension's name in addresses: a parameter of the query language."), "centree-sur")
    nom: str = said(_("The dimension in words."), "centrée sur")
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
    mention: str = said(_("The exact wording that the funder asks for, if any."))


class Partenaire(PartenaireBref):
    roles: list[str] = said(_("What the partner does in the rally."), ["financeur"])
    presentation: str
    contact: Contact | None
    exemple: bool = said(_("True for a fictitious record."))


class Prix(Schema):
    """Told once its edition's embargo has ended."""

    edition: int | None
    categorie: str
    rang: int | None = said(_("1 for the first prize; null for a special mention. Two fiches may share a rank."), 1)
    libelle: str = said(_("The prize in words."), "Premier prix")
    citation: str
    url: str = said(_("The fiche’s address."))


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
    date: date
    commune: str
    url: str


TYPES: dict[Kind, Any] = {
    Kind.KEY: int,
    Kind.UUID: UUID,
    Kind.TYPE: Literal["fiche"],
    Kind.NUMBER: int | None,
    Kind.DECIMAL: float | None,
    Kind.TRUTH: bool,
    Kind.INSTANT: datetime | None,
    Kind.PICTURE: Image | None,
    Kind.BODY: list[Bloc],
    Kind.CONTACT: Contact | None,
    Kind.CRITERIA: list[DimensionDeFiche],
    Kind.KEYWORDS: list[str],
    Kind.EDITION: int | None,
    Kind.PARTNER: PartenaireAssocie | None,
    Kind.FUNDERS: list[Financeur],
    Kind.ETAPES: list[EtapeBreve],
    Kind.PRIX: list[Prix],
}
"""What a key holds, by the kind of its field; any other kind is text."""


def shape_of(champs: Iterable[Champ], base: type[Schema]) -> Any:
    """A schema with the keys of these fields, required, in their order."""
    fields: dict[str, Any] = {}
    for champ in champs:
        key = champ.key
        kind = Literal[tuple(choices_of(champ))] if key.is_closed else TYPES.get(champ.kind, str)
        described = champ.description if key.description is None else key.description
        fields[champ.key_name] = (kind, said(described or None, key.example))
        if key.label_key:
            fields[key.label_key] = (str, ...)
    return create_model("Shape", __base__=base, **fields)


def choices_of(champ: Champ) -> list[str]:
    """The values that a choice may have, as the model lists them."""
    return [value for value, _label in FichePage._meta.get_field(champ.name).flatchoices]


_Lieu = shape_of(champs_with("key", groupe=Groupe.LIEU), Schema)


class Lieu(_Lieu):
    """A place, as columns."""


_Fiche = shape_of([champ for champ in champs_with("key") if champ.groupe is not Groupe.LIEU], Lieu)


class Fiche(_Fiche):
    """An innovation, whole."""


class Suppression(Schema):
    """A page that is no longer to be shown: deleted, withdrawn, expired or made private."""

    id: int
    uid: UUID | None = said(_("The same across sites: names it in feeds and calendars."))
    type: str = said(_("What the page was."), "fiche")
    langue: str = said(_("Language of its words."), "fr")
    slug: str
    url: str = said(_("The address where it stood; empty where it is not known."))
    retire_le: datetime


class ValeurDeFacette(Schema):
    valeur: str
    libelle: str
    nombre: int = said(_("How many fiches ticking this value alone would show."))
    retenu: bool


class Facette(Schema):
    parametre: str
    libelle: str
    grille: bool = said(_("True for a dimension of the grid."))
    valeurs: list[ValeurDeFacette]


class Facettes(Schema):
    count: int
    phrase: str = said(_("The query in words."))
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
    commune: str = said(_("The commune's INSEE code."), "25056")
    departement: str
    par_commune: bool = said(_("True when the point is the centre of the commune."))


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
    """What every list is."""

    count: int = said(_("How many answer, all pages together."))
    next: str | None = said(_("Address of the next page; it costs the same however far it is."))
    previous: str | None = said(_("Address of the page before."))


class Fiches(Liste):
    items: list[Fiche]


class Grille(Liste):
    items: list[Dimension]


class Partenaires(Liste):
    items: list[Partenaire]


class PrixDuPalmares(Prix):
    uid: UUID = said(_("The same across sites: names it in feeds and calendars."))
    exemple: bool = said(_("True for a fictitious record."))
    fiche: FicheBreve
    diplome: str = said(_("Its diploma as a PDF, if it has an address."))
    publie_le: datetime


class Palmares(Liste):
    items: list[PrixDuPalmares]


class Suppressions(Liste):
    items: list[Suppression]


class Probleme(Schema):
    """RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    parametres: dict[str, str] | None = said(_("Which parameter can't be read, and why."), default=None)
