"""The Atom feed of the étapes."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from etapes.api import ETAPE, parse_filters
from etapes.enums import StatutEtape
from etapes.etape_embeds import hour, when
from etapes.models import EtapeIndexPage, EtapePage
from fiches.diffusion import atom

if TYPE_CHECKING:
    from fiches.diffusion.atom import Feed


def entry(etape: dict[str, Any]) -> dict[str, Any]:
    """Builds a feed entry from an étape's API contents."""
    where = ", ".join(filter(None, [etape["lieu"], etape["commune"]]))
    summary = " – ".join(filter(None, [when(etape), where, etape["chapo"]]))
    html = f"{programme(etape)}{practical(etape)}{etape['compte_rendu_html']}"
    return atom.entry_of(
        etape,
        title=title(etape),
        author=", ".join(organiser["nom"] for organiser in etape["organisateurs"]) or settings.WAGTAIL_SITE_NAME,
        summary=summary,
        html=html,
        categories=[etape["statut"]],
    )


def title(etape: dict[str, Any]) -> str:
    """The title, with the state of a cancelled or postponed étape: « Étape à Dole (annulée) »."""
    text = atom.marked_title(etape)
    moved = etape["statut"] in (StatutEtape.ANNULEE, StatutEtape.REPORTEE)
    return f"{text} ({StatutEtape(etape['statut']).label})" if moved else text


def programme(etape: dict[str, Any]) -> str:
    """The programme as an HTML list; "" when it is empty."""
    items = format_html_join("\n", "<li>{}<strong>{}</strong>{} {}</li>", map(_item, etape["programme"]))
    return format_html("<h2>{}</h2>\n<ul>{}</ul>\n", _("Programme"), items) if items else ""


def _item(item: dict[str, str]) -> tuple[str, str, str, str]:
    hours = " – ".join(hour(text) for text in (item["debut"], item["fin"]) if text)
    who = format_html(" ({})", item["intervenants"]) if item["intervenants"] else ""
    body = mark_safe(item["html"])  # noqa: S308 - the rich text editor's own whitelist
    return f"{hours}\u00a0: " if hours else "", item["titre"], who, body


def practical(etape: dict[str, Any]) -> str:
    """Directions and accessibility of the place, as HTML."""
    facts = ((_("Getting there"), etape["acces"]), (_("Accessibility of the place"), etape["accessibilite"]))
    sections = ((name, _paragraphs(text)) for name, text in facts if text)
    return format_html_join("", "<h2>{}</h2>\n{}\n", sections)


def _paragraphs(text: str) -> str:
    return format_html_join("\n", "<p>{}</p>", ((line,) for line in text.splitlines() if line.strip()))


def feed(index_page: Any, request: Any) -> "Feed":
    """Builds the feed of the étapes below ``index_page`` that match the query string, the last published first."""
    filters = parse_filters(request)
    atom.refuse_other_pages(request, filters.page)
    pages = filters.narrow(
        EtapePage.objects.child_of(index_page).registered().visible().order_by("-last_published_at", "-pk")
    )
    keys = list(pages.values_list("pk", flat=True))
    return atom.feed_of(
        index_page,
        request,
        atom.entries_of(ETAPE, keys[: filters.par_page], entry),
        subtitle=filters.sentence(len(keys)) if filters.asked else index_page.introduction,
        link=f"{index_page.full_url}?{filters.querystring()}".rstrip("?"),
    )


def register_routes() -> None:
    atom.register_feed(EtapeIndexPage, feed)
