"""Fills a fiche in from the answers of a dossier, for the staff's draft or for a preview."""

import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from fiches import content_site
from fiches.candidatures.consentements import CONTACT, NAME, PREFIX, granted, signed_answers, withdrawn_purposes
from fiches.candidatures.enums import RoleDePiece
from fiches.candidatures.forms import keywords, valid_answers
from fiches.candidatures.pieces import illustration_of
from fiches.candidatures.text_cleaning import plain_text, rich_text
from fiches.content_language import in_default_language
from fiches.models import FicheCritere, FicheIndexPage, FichePage
from fiches.models.blocks import RICH_TEXT_FEATURES
from fiches.models.champs import champs_with
from fiches.models.declaration import ValueKind
from fiches.models.fiche import get_fiche_model
from fiches.models.location import locate
from fiches.models.rich_text import as_the_editor_writes

if TYPE_CHECKING:
    from fiches.candidatures.models import Dossier


# {answer: field of the fiche}
COLUMNS = {
    champ.answer_name: champ.name
    for champ in champs_with("question")
    if champ.kind not in (ValueKind.CRITERIA, ValueKind.KEYWORDS)
}

RIGHTS = PREFIX + "droits_photo"
# The answers and files that change each picture.
PICTURES = {RoleDePiece.PHOTO: {"photo", "photo_credit", RIGHTS}, RoleDePiece.LOGO: {"logo", RIGHTS}}


def section_title(champ: str) -> str:
    return {"besoin": _("The need"), "description": _("The innovation"), "resultats": _("The results")}[champ]


@in_default_language
def fill(page: Any, dossier: "Dossier", *, only: set[str] | None = None) -> None:
    """Writes the valid answers of a dossier in ``page``, without saving it.

    :param only: names of the answers and files to write; None for all. What the staff wrote in other fields stays.
    """
    cleaned = valid_answers(dossier)
    if NAME in withdrawn_purposes(dossier):
        cleaned |= dict.fromkeys(signed_answers(dossier), "")
    wanted = set(cleaned) if only is None else set(cleaned) & set(only)
    for champ in wanted & set(COLUMNS):
        setattr(page, COLUMNS[champ], cleaned[champ])
    if page.title == "":
        page.title = dossier.organisation or _("Untitled")
    if wanted & {"besoin", "description", "resultats", "citation", "citation_auteur"}:
        page.corps = _body(page, dossier, cleaned, wanted)
    if "criteres" in wanted:
        page.fiche_criteres = [FicheCritere(tag=critere) for critere in cleaned["criteres"]]
    for purpose in CONTACT:
        setattr(page, f"{purpose}_public", purpose in granted(dossier))
    page.exemple = dossier.exemple
    if dossier.appel and dossier.appel.edition_id and page.edition_id is None:
        page.edition_id = dossier.appel.edition_id
    _fill_pictures(page, dossier, cleaned, only)
    if "mots_cles" in wanted:
        page.mots_cles.set(keywords(cleaned["mots_cles"]))


def _body(page: FichePage, dossier: "Dossier", cleaned: dict[str, Any], wanted: set[str]) -> list[Any]:
    """Returns the page's raw blocks, those of the answers ``wanted`` replaced. A block's id is derived from its answer."""
    blocks = {block["id"]: dict(block) for block in page.corps.raw_data} if page.corps else {}
    for champ in ("besoin", "description", "resultats"):
        key = _block_id(dossier, champ)
        if champ in wanted and cleaned[champ]:
            html = rich_text(cleaned[champ], heading=section_title(champ))
            blocks[key] = {"type": "texte", "value": as_the_editor_writes(html, RICH_TEXT_FEATURES), "id": key}
        elif champ in wanted:
            blocks.pop(key, None)
    if {"citation", "citation_auteur"} & wanted:
        key = _block_id(dossier, "citation")
        blocks.pop(key, None)
        if cleaned["citation"]:
            value = {"texte": cleaned["citation"], "auteur": cleaned["citation_auteur"], "fonction": ""}
            blocks[key] = {"type": "citation", "value": value, "id": key}
    return list(blocks.values())


def _block_id(dossier: "Dossier", champ: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"candidature:{dossier.pk}:{champ}"))


def body_text(blocks: Iterable[Any], dossier: "Dossier", champ: str) -> str | None:
    """Returns the text of the block made from an answer, without its heading; None if the answer makes no block.

    :param blocks: those of a fiche, as they are stored.
    """
    if champ not in {"besoin", "description", "resultats", "citation", "citation_auteur"}:
        return None
    key = _block_id(dossier, "citation" if champ.startswith("citation") else champ)
    value = next((block["value"] for block in blocks if block["id"] == key), "")
    if isinstance(value, dict):
        return value["auteur" if champ == "citation_auteur" else "texte"]
    return plain_text(value)


def _fill_pictures(page: FichePage, dossier: "Dossier", cleaned: dict[str, Any], only: set[str] | None) -> None:
    agreed = "droits_photo" in granted(dossier)
    by_role = {piece.role: piece for piece in dossier.pieces.all()}
    for role, tied in PICTURES.items():
        if only is None or tied & set(only):
            piece = by_role.get(role) if agreed else None
            credit = cleaned.get("photo_credit", "") if role == RoleDePiece.PHOTO else ""
            picture = illustration_of(piece, titre=str(dossier), credit=credit) if piece else None
            setattr(page, role.value, picture)


def fiche_index() -> FicheIndexPage | None:
    """Returns the page under which fiches are created: the list of the site that the request is for, else the first list; None
    if there is none."""
    lists = list(FicheIndexPage.objects.all()[:2])
    of_the_site = content_site.narrow(FicheIndexPage.objects.all()).first() if len(lists) > 1 else None
    return of_the_site or next(iter(lists), None)


def unsaved_fiche(dossier: "Dossier") -> FichePage:
    """Returns the fiche that the dossier would make, not saved. Its pictures are: in the private collection."""
    # No page has the key 0: the étapes and prizes looked up for the fiche are empty.
    page = get_fiche_model()(pk=0, id=0, live=False, slug="apercu")
    fill(page, dossier)
    page.organisation = page.organisation or _("Name of the organisation")
    index = fiche_index()
    if index:
        page.depth = index.depth + 1
        page.path = FichePage._get_children_path_interval(index.path)[1]
        page.set_url_path(index)
    locate(page)
    return page
