"""The étapes as a feed, Atom and JSON: announcements with their programme, what became of them, then reports."""

from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from etapes.api import ETAPE, question
from etapes.enums import Statut
from etapes.integration import hour, when
from etapes.models import EtapeIndexPage, EtapePage
from fiches.diffusion.corps import plain
from fiches.diffusion.feeds import builder


def entry(etape):
    """An entry from an étape's contents."""
    where = ", ".join(filter(None, [etape["lieu"], etape["commune"]]))
    summary = " – ".join(filter(None, [when(etape), where, etape["chapo"]]))
    html = f"{programme(etape)}{practical(etape)}{etape['compte_rendu_html']}"
    return builder.entry_of(
        etape,
        titre=title(etape),
        auteur=", ".join(organiser["nom"] for organiser in etape["organisateurs"]) or settings.WAGTAIL_SITE_NAME,
        resume=summary,
        html=builder.with_photo(etape["photo"], summary, html),
        texte="\n\n".join(filter(None, [summary, plain(html)])),
        categories=[etape["statut"]],
        **builder.picture_and_point(etape),
    )


def title(etape):
    """« Étape à Dole (annulée) »: whoever reads titles only doesn't come for nothing."""
    told = builder.marked_title(etape)
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
    builder.refuse_other_pages(request, found.page)
    pages = found.narrow(
        EtapePage.objects.child_of(index_page).registered().visible().order_by("-last_published_at", "-pk")
    )
    keys = list(pages.values_list("pk", flat=True))
    return builder.feed_of(
        index_page,
        request,
        builder.entries_of(ETAPE, keys[: found.par_page], entry),
        sous_titre=found.sentence(len(keys)) if found.asked else index_page.introduction,
        page=f"{index_page.full_url}?{found.querystring()}".rstrip("?"),
    )


def register_routes():
    builder.register_feed(EtapeIndexPage, feed)
