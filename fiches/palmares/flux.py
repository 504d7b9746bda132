"""The prizes as a feed, Atom and JSON: each an entry, from the instant at which its edition is told."""

from django.conf import settings
from django.utils.html import format_html
from django.utils.translation import gettext as _

from fiches import langues
from fiches.diffusion import flux
from fiches.diffusion.api.pagination import read_paging
from fiches.diffusion.api.problemes import QueryError
from fiches.diffusion.contenu import instant
from fiches.palmares.listing import with_what_they_show
from fiches.palmares.models import PalmaresPage, Prix
from fiches.publications.conditional import versioned
from fiches.routes import add_route


def entry(prize):
    told = instant(prize.palmares.embargo)
    example = prize.palmares.exemple or prize.fiche.exemple
    return flux.Entry(
        uid=f"urn:uuid:{prize.uid}",
        url=prize.fiche.full_url or "",
        titre=flux.marked({"titre": f"{prize} – {prize.fiche.title}", "exemple": example}),
        auteur=prize.fiche.organisation,
        resume=prize.citation,
        html=format_html("<p>{}</p>", prize.citation),
        texte=prize.citation,
        image="",
        publie_le=told,
        modifie_le=told,
        categories=[prize.categorie.nom, *([_("example")] if example else [])],
        point=None,
    )


def feed(page, request):
    """The public prizes, the last told first."""
    asked = read_paging(request)
    if asked["page"] > 1:
        raise QueryError({"page": _("This feed has one page: say how many with “par_page”.")})
    prizes = with_what_they_show(Prix.objects.public()).order_by(
        "-decision__categorie__palmares__embargo", "rang", "pk"
    )
    if asked["depuis"]:
        prizes = prizes.filter(decision__categorie__palmares__embargo__gte=asked["depuis"])
    return flux.Feed(
        titre=f"{settings.WAGTAIL_SITE_NAME} – {page.title}",
        sous_titre=page.introduction,
        page=page.full_url,
        adresse=request.build_absolute_uri(),
        suite=None,
        entrees=[entry(prize) for prize in prizes[: asked["par_page"]]],
        langue=langues.language_of(page),
    )


def atom(page, request):
    return flux.answer(request, lambda: flux.atom(feed(page, request)), flux.ATOM)


def as_json(page, request):
    return flux.answer(request, lambda: flux.json_feed(feed(page, request)), flux.JSON_FEED)


def register_routes():
    add_route(PalmaresPage, "flux.atom", versioned(atom), name="flux_atom")
    add_route(PalmaresPage, "flux.json", versioned(as_json), name="flux_json")
