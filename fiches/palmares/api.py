"""Prizes in the API: those of each fiche, and the list of all. Updated at the end of the embargo."""

from typing import Any

from django.dispatch import receiver
from ninja import Schema

from fiches import content_language
from fiches.diffusion.api.page_resource import register_page_type
from fiches.diffusion.api.reference_resources import register_prizes
from fiches.diffusion.contenu import instant, register_extra
from fiches.palmares.enums import Rang
from fiches.palmares.listing import with_related
from fiches.palmares.models import Palmares, PalmaresPage, Prix
from fiches.palmares.palmares_lock import public_changed
from fiches.publications.version import touch


class EditionDuPalmares(Schema):
    """The words above the prizes of an edition."""

    edition: int
    introduction: str


class ResultatsDuPalmares(Schema):
    """The editions whose prizes are public, the newest first."""

    editions: list[EditionDuPalmares]


def results(pages: list[Any]) -> dict[int, Any]:
    """Returns ``{pk: ResultatsDuPalmares as a dict}`` for palmarès pages. One query."""
    public = Palmares.objects.filter(pk__in=Prix.objects.public().order_by().values("decision__categorie__palmares"))
    rows = public.order_by("-edition__annee").values_list("edition__annee", "introduction")
    editions = [{"edition": year, "introduction": text} for year, text in rows]
    return {page.pk: {"editions": editions} for page in pages}


def public_prizes() -> list[Any]:
    """Returns all the public prizes, newest edition first. Two queries."""
    page = PalmaresPage.objects.registered().visible().here().first()
    prizes = with_related(Prix.objects.public()).order_by(
        "-decision__categorie__palmares__edition__annee",
        "decision__categorie__sort_order",
        "decision__categorie_id",
        "rang",
        "pk",
    )
    return [{**prize_summary(prize), **_list_details(prize, page)} for prize in prizes]


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


def _list_details(prize: Prix, page: PalmaresPage) -> dict[str, Any]:
    """Returns what the list of all prizes adds: the fiche, the date, and the address of the diploma."""
    fiche = prize.fiche
    return {
        "uid": str(prize.uid),
        "exemple": prize.palmares.exemple or fiche.exemple,
        "fiche": {
            "id": fiche.pk,
            "titre": fiche.title,
            "slug": fiche.slug,
            "organisation": fiche.organisation,
            "url": fiche.full_url or "",
        },
        "diplome": f"{page.full_url}{diploma_path(prize)}" if page and page.full_url else "",
        "publie_le": instant(prize.palmares.embargo),
    }


def diploma_path(prize: Prix) -> str:
    """Returns the path of a prize's diploma, relative to the palmarès's page."""
    return f"{prize.palmares.edition.annee}/diplome-{prize.uid}.pdf"


def prizes_of_fiches(pks: list[int]) -> dict[Any, Any]:
    """Returns ``{key of a fiche: [public prizes]}``; a translation has those of its original. At most two queries."""
    originals = content_language.original_keys(pks)
    by_fiche: dict[int, list[Any]] = {}
    for prize in with_related(Prix.objects.public().filter(nomination__fiche__in=set(originals.values()))):
        by_fiche.setdefault(prize.nomination.fiche_id, []).append(prize_summary(prize))
    return {pk: by_fiche[original] for pk, original in originals.items() if original in by_fiche}


@receiver(public_changed)
def _public_changed(sender: type, **kwargs: Any) -> None:
    """Invalidates the cached API responses that list prizes. ``indexed_texts`` writes the prizes of each fiche."""
    touch(gone=True)


def register() -> None:
    register_extra("prix", prizes_of_fiches)
    register_prizes(public_prizes)
    register_page_type(PalmaresPage, "palmares", shape=ResultatsDuPalmares, own=results)
