"""The étapes as a feed: announcements, then reports."""

import orjson
from django.conf import settings
from django.utils.translation import gettext as _

from etapes.api import ETAPE
from etapes.models import EtapeIndexPage, EtapePage
from fiches import langues
from fiches.diffusion import flux, journal
from fiches.diffusion.api.pagination import read_paging
from fiches.diffusion.api.problemes import QueryError
from fiches.diffusion.version import versioned
from fiches.routes import add_route


def entry(etape):
    """An entry from an étape's contents."""
    when = " ".join(filter(None, [etape["date"], (etape["debut"] or "")[:5], etape["moment_libelle"]]))
    where = ", ".join(filter(None, [etape["lieu"], etape["commune"]]))
    summary = " – ".join(filter(None, [when, where, etape["chapo"]]))
    return flux.Entry(
        uid=f"urn:uuid:{etape['uid']}",
        url=etape["url"],
        titre=flux.marked(etape),
        auteur=", ".join(organiser["nom"] for organiser in etape["organisateurs"]) or settings.WAGTAIL_SITE_NAME,
        resume=summary,
        html=flux.illustrated(etape["photo"], summary, etape["compte_rendu_html"]),
        texte="\n\n".join(filter(None, [summary, etape["compte_rendu_texte"]])),
        image=etape["photo"]["tailles"]["grande"]["url"] if etape["photo"] else "",
        publie_le=etape["publie_le"],
        modifie_le=etape["modifie_le"],
        categories=[etape["statut"]],
        point=(etape["latitude"], etape["longitude"]) if etape["latitude"] is not None else None,
    )


def feed(index_page, request):
    """The étapes, the last published first."""
    asked = read_paging(request)
    pages = EtapePage.objects.child_of(index_page).visible().order_by("-last_published_at", "-pk")
    if asked["depuis"]:
        pages = pages.filter(pk__in=journal.changed_since(asked["depuis"]))
    if asked["curseur"] or asked["page"] > 1:
        raise QueryError({"page": _("This feed has one page: say how many with “par_page”.")})
    keys = list(pages.values_list("pk", flat=True)[: asked["par_page"]])
    return flux.Feed(
        titre=f"{settings.WAGTAIL_SITE_NAME} – {index_page.title}",
        sous_titre=index_page.introduction,
        page=index_page.full_url,
        adresse=request.build_absolute_uri(),
        suite=None,
        entrees=[entry(orjson.loads(text)) for text in journal.contents(ETAPE, keys).values()],
        langue=langues.language_of(index_page),
    )


def atom(index_page, request):
    return flux.answer(request, lambda: flux.atom(feed(index_page, request)), flux.ATOM)


def register_routes():
    add_route(EtapeIndexPage, "flux.atom", versioned(atom), name="flux_atom")
