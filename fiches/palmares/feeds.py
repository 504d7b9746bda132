"""The Atom and JSON feeds of the public prizes, dated by the end of their embargo."""

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.utils.html import format_html

from fiches.diffusion.contents import instant
from fiches.diffusion.feeds import atom
from fiches.palmares.listing import with_related
from fiches.palmares.models import PalmaresPage, Prix

if TYPE_CHECKING:
    from fiches.diffusion.feeds.atom import Entry, Feed


def entry(prize: Any) -> "Entry":
    published = instant(prize.palmares.embargo) or ""
    example = prize.palmares.exemple or prize.fiche.exemple
    return atom.Entry(
        uid=f"urn:uuid:{prize.uid}",
        url=prize.fiche.full_url or "",
        titre=atom.marked_title({"titre": f"{prize} – {prize.fiche.title}", "exemple": example}),
        auteur=prize.fiche.organisation,
        resume=prize.citation,
        html=format_html("<p>{}</p>", prize.citation),
        publie_le=published,
        modifie_le=published,
        categories=[prize.categorie.nom, *atom.example_category(example)],
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
