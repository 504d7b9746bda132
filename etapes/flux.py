"""The étapes as a feed, Atom and JSON: announcements with their programme, what became of them, then reports."""

import orjson
from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from etapes.api import ETAPE, question
from etapes.enums import Statut
from etapes.integration import hour, when
from etapes.models import EtapeIndexPage, EtapePage
from fiches import langues
from fiches.diffusion import flux
from fiches.diffusion.api import problemes
from fiches.diffusion.corps import plain
from fiches.publications import ledger
from fiches.publications.conditional import versioned
from fiches.routes import add_route


def entry(etape):
    """An entry from an étape's contents."""
    where = ", ".join(filter(None, [etape["lieu"], etape["commune"]]))
    summary = " – ".join(filter(None, [when(etape), where, etape["chapo"]]))
    html = f"{programme(etape)}{practical(etape)}{etape['compte_rendu_html']}"
    return flux.Entry(
        uid=f"urn:uuid:{etape['uid']}",
        url=etape["url"],
        titre=title(etape),
        auteur=", ".join(organiser["nom"] for organiser in etape["organisateurs"]) or settings.WAGTAIL_SITE_NAME,
        resume=summary,
        html=flux.illustrated(etape["photo"], summary, html),
        texte="\n\n".join(filter(None, [summary, plain(html)])),
        image=etape["photo"]["tailles"]["grande"]["url"] if etape["photo"] else "",
        publie_le=etape["publie_le"],
        modifie_le=etape["modifie_le"],
        categories=[etape["statut"]],
        point=(etape["latitude"], etape["longitude"]) if etape["latitude"] is not None else None,
    )


def title(etape):
    """« Étape à Dole (annulée) »: whoever reads titles only doesn't come for nothing."""
    told = flux.marked(etape)
    moved = etape["statut"] in (Statut.ANNULEE, Statut.REPORTEE)
    return f"{told} ({Statut(etape['statut']).label})" if moved else told


def programme(etape):
    """The programme's items in order, as HTML, a line an item; "" when there is none yet."""
    items = format_html_join("\n", "<li>{}<strong>{}</strong>{} {}</li>", map(_item, etape["programme"]))
    return format_html("<h2>{}</h2>\n<ul>{}</ul>\n", _("Programme"), items) if items else ""


def _item(item):
    hours = " – ".join(hour(text) for text in (item["debut"], item["fin"]) if text)
    who = format_html(" ({})", item["intervenants"]) if item["intervenants"] else ""
    body = mark_safe(item["html"])  # noqa: S308 - the rich text editor's own whitelist
    return f"{hours}\u00a0: " if hours else "", item["titre"], who, body


def practical(etape):
    """How to come, and what the place is for whom steps stop."""
    facts = ((_("Getting there"), etape["acces"]), (_("Accessibility of the place"), etape["accessibilite"]))
    told = ((name, _paragraphs(text)) for name, text in facts if text)
    return format_html_join("", "<h2>{}</h2>\n{}\n", told)


def _paragraphs(text):
    return format_html_join("\n", "<p>{}</p>", ((line,) for line in text.splitlines() if line.strip()))


def feed(index_page, request):
    """The étapes, the last published first."""
    found = question(request)
    if found.page > 1:
        with problemes.in_language_of(request):
            raise problemes.QueryError({"page": _("This feed has one page: say how many with “par_page”.")})
    pages = found.narrow(EtapePage.objects.child_of(index_page).visible().order_by("-last_published_at", "-pk"))
    keys = list(pages.values_list("pk", flat=True))
    return flux.Feed(
        titre=f"{settings.WAGTAIL_SITE_NAME} – {index_page.title}",
        sous_titre=found.sentence(len(keys)) if found.asked else index_page.introduction,
        page=f"{index_page.full_url}?{found.querystring()}".rstrip("?"),
        adresse=request.build_absolute_uri(),
        suite=None,
        entrees=[entry(orjson.loads(text)) for text in ledger.contents(ETAPE, keys[: found.par_page]).values()],
        langue=langues.language_of(index_page),
    )


def atom(index_page, request):
    return flux.answer(request, lambda: flux.atom(feed(index_page, request)), flux.ATOM)


def as_json(index_page, request):
    return flux.answer(request, lambda: flux.json_feed(feed(index_page, request)), flux.JSON_FEED)


def register_routes():
    add_route(EtapeIndexPage, "flux.atom", versioned(atom), name="flux_atom")
    add_route(EtapeIndexPage, "flux.json", versioned(as_json), name="flux_json")
