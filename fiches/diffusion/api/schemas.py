"""The shapes that the partner API promises. A key that goes or changes its type is a breaking change (DESIGN §5)."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import Field


def said(text, example=None, **kwargs):
    """A field with its description and an example."""
    return Field(description=text, **({"examples": [example]} if example is not None else {}), **kwargs)


Heure = Annotated[str, Field(pattern=r"^\d\d:\d\d$", examples=["14:00"])]
"""An hour of the place, such as 14:00."""


class Taille(Schema):
    """A picture at one size."""

    url: str
    largeur: int
    hauteur: int


class Tailles(Schema):
    vignette: Taille = said(_("480 × 320 pixels, cropped"))
    moyenne: Taille = said(_("960 pixels at most"))
    grande: Taille = said(_("1,920 pixels at most"))


class Image(Schema):
    alt: str = said(_("Alternative text; empty when the picture is decorative."))
    decorative: bool
    credit: str = said(_("Who made the picture: to be shown with it."))
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


class Lieu(Schema):
    """A place, as columns."""

    adresse: str
    code_postal: str
    commune: str
    code_insee: str = said(_("The commune's INSEE code."), "25056")
    departement: str = said(_("The département's number."), "25")
    departement_nom: str
    latitude: float | None = said(_("Degrees, WGS 84."))
    longitude: float | None = said(_("Degrees, WGS 84."))
    precision: Literal["exacte", "commune", "aucune"] = said(
        _("Whether the place is exact or the centre of the commune.")
    )


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


class Fiche(Lieu):
    """An innovation, whole."""

    id: int = said(_("Stays the same for ever, whatever becomes of the title and of the address."))
    uid: UUID = said(_("The same across sites: names it in feeds and calendars."))
    type: Literal["fiche"]
    langue: str = said(_("Language of its words."), "fr")
    titre: str = said(_("The innovation's name."), "La recette d’une organisation partagée")
    slug: str
    url: str = said(_("The canonical address: the one to link to."))
    pdf: str = said(_("The same on one A4 page."))
    exemple: bool = said(_("True for a fictitious record."))
    chapo: str = said(_("Two sentences that sum up the innovation."))
    organisation: str = said(_("The company or association."), "Agrodoubs")
    activite: str
    naf: str = said(_("NAF code (rev. 2)"), "46.61Z")
    naf_2025: str = said(_("NAF code (2025)"))
    statut: str = said(_("Legal form: the query language's key."), "cooperative")
    statut_libelle: str
    sphere: str = said(_("Sphere: “ess” or “classique”."), "ess")
    sphere_libelle: str
    effectif: int | None = said(_("Number of people."), 15)
    tranche_effectif: str = said(_("INSEE's band of staff size."), "10-19")
    siret: str
    site: str
    contact: Contact | None
    grille: list[DimensionDeFiche] = said(_("The criteria that the fiche meets; the whole grid is at /grille."))
    mots_cles: list[str]
    edition: int | None = said(_("Year of the rally."), 2013)
    photo: Image | None
    logo: Image | None
    corps: list[Bloc]
    texte_html: str = said(_("The blocks as one text, in HTML."))
    texte: str = said(_("The blocks as one text, without tags."))
    partenaire: PartenaireAssocie | None = said(_("The associated partner."))
    financeurs: list[Financeur]
    etapes: list[EtapeBreve] = said(_("The étapes at which the fiche is presented."))
    prix: list[Prix]
    publie_le: datetime | None = said(_("First publication."))
    modifie_le: datetime | None = said(_("Last publication."))


class Suppression(Schema):
    """A page that is no longer to be shown: deleted, withdrawn, expired or made private."""

    id: int
    type: str = said(_("What the page was."), "fiche")
    slug: str
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
