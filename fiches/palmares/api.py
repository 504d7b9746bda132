"""Prizes in the API: those of each fiche, and the list of all. Updated at the end of the embargo."""

from collections import defaultdict
from datetime import datetime
from typing import Any, Literal

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from ninja import Schema

from fiches.diffusion.api.page_resource import brief, register_page_type
from fiches.diffusion.api.reference_resources import register_prizes
from fiches.diffusion.api.schemas import PrixDuPalmares, described
from fiches.diffusion.contents import instant, page_context, register_extra
from fiches.palmares.listing import latest_of, named_jury, public_prizes_of, shown_editions, with_related
from fiches.palmares.models import Palmares, PalmaresPage, Prix, Rang


class CritereDuJury(Schema):
    nom: str
    definition: str
    poids: int = described(_("How many times the criterion counts."), 3)


class MembreDuJury(Schema):
    nom: str
    fonction: str


class CategorieDuPalmares(Schema):
    slug: str
    nom: str
    description: str
    prix: list[PrixDuPalmares]


class EditionDuPalmares(Schema):
    """What the palmarès's page shows of an edition."""

    edition: int
    nom: str = described(_("The edition in words."), "2013")
    chemin: str = described(_("The path on this site: asks for the page with “chemin”."), "/palmares/2013/")
    url: str
    etat: Literal["jugement", "annonce", "publie"] = described(
        _("The jury is at work; the results are announced for a date; the results are public.")
    )
    resultats_le: datetime | None = described(_("When the results are public; null while no date is known."))
    exemple: bool = described(_("True for a fictitious record."))
    introduction: str
    categories: list[CategorieDuPalmares] = described(
        _("All of them before the results; then those in which a prize was given.")
    )
    note_maximale: int = described(_("Each criterion is scored from 0 to this."), 5)
    echelle: str = described(_("The meaning of the scale."))
    criteres: list[CritereDuJury]
    jury: list[MembreDuJury] = described(_("The jurors who agreed to be named."))


class ResultatsDuPalmares(Schema):
    """The editions whose scoring was opened, the newest first."""

    affichee: int | None = described(_("The edition that is shown at this address; null while there is none."), 2013)
    editions: list[EditionDuPalmares]


def results(pages: list[Any]) -> dict[int, Any]:
    """Returns ``{pk: ResultatsDuPalmares as a dict}`` for palmarès pages. The number of queries does not depend on the editions."""
    editions, prizes = shown_editions(), defaultdict(list)
    for prize in _prizes_in_order():
        prizes[prize.categorie.pk].append(prize)
    last = latest_of(editions)
    contents = {}
    for page in pages:
        with page_context(page):
            shown = [_edition(page, each, prizes) for each in editions]
        contents[page.pk] = {"affichee": last.edition.annee if last else None, "editions": shown}
    return contents


def _edition(page: PalmaresPage, palmares: Palmares, prizes: dict[int, list[Prix]]) -> dict[str, Any]:
    link, below = brief(page), f"{palmares.edition.annee}/"
    return {
        "edition": palmares.edition.annee,
        "nom": str(palmares.edition),
        "chemin": f"{link['chemin']}{below}",
        "url": f"{link['url']}{below}",
        "etat": "publie" if palmares.est_publie else "annonce" if palmares.est_sous_embargo else "jugement",
        "resultats_le": instant(palmares.embargo),
        "exemple": palmares.exemple,
        "introduction": palmares.introduction,
        "categories": [
            {
                "slug": each.slug,
                "nom": each.nom,
                "description": each.description,
                "prix": [_prize(prize, page) for prize in prizes[each.pk]],
            }
            for each in palmares.categories.all()
            if prizes[each.pk] or not palmares.est_publie
        ],
        "note_maximale": palmares.note_maximale,
        "echelle": palmares.echelle,
        "criteres": [CritereDuJury.from_orm(each).dict() for each in palmares.criteres.all()],
        "jury": [MembreDuJury.from_orm(each).dict() for each in named_jury(palmares)],
    }


def edition_below(item: dict[str, Any], rest: str) -> dict[str, Any] | None:
    """Returns what differs on the page of one edition (``2013/``) from the palmarès's page ``item``."""
    for each in item["palmares"]["editions"]:
        if rest == f"{each['edition']}/":
            link = {"chemin": each["chemin"], "url": each["url"]}
            title = f"{item['referencement']['titre']} – {each['nom']}"
            return {
                **link,
                "palmares": {**item["palmares"], "affichee": each["edition"]},
                "referencement": {**item["referencement"], "titre": title},
                "fil": [*item["fil"], {"titre": each["nom"], **link}],
            }
    return None


def public_prizes() -> list[Any]:
    """Returns all the public prizes, newest edition first. Two queries."""
    page = PalmaresPage.objects.registered().visible().here().first()
    return [_prize(prize, page) for prize in _prizes_in_order()]


def _prizes_in_order() -> QuerySet:
    return with_related(Prix.objects.public()).order_by(
        "-decision__categorie__palmares__edition__annee",
        "decision__categorie__sort_order",
        "decision__categorie_id",
        "rang",
        "pk",
    )


def prize_summary(prize: Prix) -> dict[str, Any]:
    """Returns a prize as the API gives it with its fiche."""
    return {
        "edition": prize.palmares.edition.annee,
        "categorie": prize.categorie.nom,
        "rang": None if prize.rang == Rang.MENTION else prize.rang,
        "libelle": prize.libelle,
        "citation": prize.citation,
        "url": prize.fiche.full_url or "",
    }


def _prize(prize: Prix, page: PalmaresPage | None) -> dict[str, Any]:
    """Returns a prize as the list of all prizes gives it."""
    fiche = prize.fiche
    path = f"{prize.palmares.edition.annee}/diplome-{prize.uid}.pdf"
    return {
        **prize_summary(prize),
        "uid": str(prize.uid),
        "exemple": prize.palmares.exemple or fiche.exemple,
        "fiche": {
            "id": fiche.pk,
            "titre": fiche.title,
            "slug": fiche.slug,
            "organisation": fiche.organisation,
            "url": fiche.full_url or "",
        },
        "diplome": f"{page.full_url}{path}" if page and page.full_url else "",
        "publie_le": instant(prize.palmares.embargo),
    }


def prize_summaries_of_fiches(pks: list[int]) -> dict[Any, Any]:
    """Returns ``{key of a fiche: [public prizes]}``. At most three queries."""
    return {pk: list(map(prize_summary, prizes)) for pk, prizes in public_prizes_of(pks).items()}


def register() -> None:
    register_extra("prix", prize_summaries_of_fiches)
    register_prizes(public_prizes)
    register_page_type(PalmaresPage, "palmares", shape=ResultatsDuPalmares, own=results, below=edition_below)
