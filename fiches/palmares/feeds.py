"""The Atom feed of the public prizes, dated by the end of their embargo."""

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest

from fiches.diffusion import atom
from fiches.diffusion.contents import instant
from fiches.palmares.listing import with_related
from fiches.palmares.models import PalmaresPage, Prix

if TYPE_CHECKING:
    from fiches.diffusion.atom import Feed


def entry(prize: Any) -> dict[str, Any]:
    published = instant(prize.palmares.embargo)
    contents = {
        "uid": prize.uid,
        "url": prize.fiche.full_url or "",
        "titre": f"{prize} – {prize.fiche.title}",
        "exemple": prize.palmares.exemple or prize.fiche.exemple,
        "publie_le": published,
        "modifie_le": published,
    }
    return atom.entry_of(
        contents,
        author=prize.fiche.organisation,
        summary=prize.citation,
        html="",
        categories=[prize.categorie.nom],
    )


def feed(page: PalmaresPage, request: HttpRequest) -> "Feed":
    """Returns the feed of the public prizes, the last published first."""
    parameters = atom.read_single_page(request)
    prizes = with_related(Prix.objects.public()).order_by("-decision__categorie__palmares__embargo", "rang", "pk")
    if parameters["depuis"]:
        prizes = prizes.filter(decision__categorie__palmares__embargo__gte=parameters["depuis"])
    return atom.feed_of(page, request, [entry(prize) for prize in prizes[: parameters["par_page"]]])


def register_routes() -> None:
    atom.register_feed(PalmaresPage, feed)
