"""Schemas of the pages in the API, without the contents that each type of page adds."""

from typing import Any

from django.utils.translation import gettext as _
from ninja import Schema

from fiches.diffusion.api import schemas
from fiches.diffusion.api.site_resource import Partage


class PageBreve(Schema):
    titre: str
    chemin: str = schemas.described(_("The path on this site: asks for the page with “chemin”."), "/fiches/")
    url: str


class Traduction(Schema):
    langue: schemas.CodeDeLangue
    chemin: str
    url: str


class Referencement(Schema):
    """The metadata of a page: titles, description, sharing picture and JSON-LD."""

    titre: str
    description: str
    image: Partage | None
    jsonld: list[dict[str, Any]] = schemas.described(_("Structured data in schema.org’s words."))


class Redirection(Schema):
    url: str = schemas.described(_("The address to which the path that was asked for leads now."))
    permanente: bool


class PageCommune(Schema):
    id: int
    uid: schemas.UUID = schemas.described(_("The same for a page and its translations."))
    type: str = schemas.described(
        _("What the page is: its own contents are under the key of this name, if it has some.")
    )
    langue: schemas.CodeDeLangue = schemas.described(_("Language of its words."), "fr")
    titre: str
    slug: str
    chemin: str = schemas.described(_("The path on this site: asks for the page with “chemin”."), "/fiches/")
    url: str
    introduction: str
    photo: schemas.Image | None
    corps: list[schemas.Bloc] = schemas.described(
        _("The blocks of an editorial page; others have them in their contents.")
    )
    texte_html: str = schemas.described(_("The blocks as one text, in HTML."))
    texte: str = schemas.described(_("The blocks as one text, without tags."))
    referencement: Referencement
    fil: list[PageBreve] = schemas.described(_("The pages from the home page to this one."))
    sous_pages: list[PageBreve] = schemas.described(_("The pages below it that menus show."))
    traductions: list[Traduction]
    publie_le: schemas.datetime | None
    modifie_le: schemas.datetime | None
