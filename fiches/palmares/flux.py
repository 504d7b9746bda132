"""The prizes as a feed, Atom and JSON: each an entry, from the instant at which its edition is told."""

from django.utils.html import format_html

from fiches.diffusion.contenu import instant
from fiches.diffusion.feeds import builder
from fiches.palmares.listing import with_what_they_show
from fiches.palmares.models import PalmaresPage, Prix


def entry(prize):
    told = instant(prize.palmares.embargo)
    example = prize.palmares.exemple or prize.fiche.exemple
    return builder.Entry(
        uid=f"urn:uuid:{prize.uid}",
        url=prize.fiche.full_url or "",
        titre=builder.marked_title({"titre": f"{prize} – {prize.fiche.title}", "exemple": example}),
        auteur=prize.fiche.organisation,
        resume=prize.citation,
        html=format_html("<p>{}</p>", prize.citation),
        texte=prize.citation,
        publie_le=told,
        modifie_le=told,
        categories=[prize.categorie.nom, *builder.example_category(example)],
    )


def feed(page, request):
    """The public prizes, the last told first."""
    asked = builder.read_single_page(request)
    prizes = with_what_they_show(Prix.objects.public()).order_by(
        "-decision__categorie__palmares__embargo", "rang", "pk"
    )
    if asked["depuis"]:
        prizes = prizes.filter(decision__categorie__palmares__embargo__gte=asked["depuis"])
    return builder.feed_of(page, request, [entry(prize) for prize in prizes[: asked["par_page"]]])


def register_routes():
    builder.register_feed(PalmaresPage, feed)
