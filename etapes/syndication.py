"""What other sites and feed readers show: the embeds of the next étapes and of a single one, and the Atom feed."""

from datetime import date, time
from typing import Any
from urllib.parse import urlencode

import orjson
from django.conf import settings
from django.http import QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etapes.api import ETAPE, parse_filters
from etapes.enums import StatutEtape
from etapes.etape_filter import PagedEtapeFilter
from etapes.inscriptions.date_and_place import without_date
from etapes.models import EtapeIndexPage, EtapePage
from fiches import formats
from fiches.diffusion import atom
from fiches.diffusion.atom import Feed
from fiches.diffusion.embeds import Contents, Element, Embed, page_contents, public_page, register_embed
from fiches.diffusion.renditions import absolute
from fiches.formats import day_of_week
from fiches.publications import ledger
from fiches.query import parsers


def register() -> None:
    atom.register_feed(EtapeIndexPage, feed)
    register_embed(
        Embed("etapes", gettext_lazy("the next étapes"), read_next, ordre=4, cartes=3, pages=(EtapeIndexPage,))
    )
    register_embed(
        Embed(
            ETAPE,
            gettext_lazy("one étape"),
            read_one,
            hauteur=840,
            une_page=True,
            pages=(EtapePage,),
        )
    )


def read_next(query: QueryDict) -> Contents:
    """Reads the étapes that match the query of the list of étapes: the next ones unless it says dates, ``par_page`` at most."""
    etape_filter = PagedEtapeFilter.parse(query)
    etapes = etape_filter.narrow(EtapePage.objects.visible().here().on_the_road())
    if not {"quand", "du", "au"}.intersection(query):
        etapes = etapes.upcoming()
    keys = list(etapes.values_list("pk", flat=True)[: etape_filter.par_page])
    asked, url = etape_filter.querystring(), _address_of_list()
    return Contents(
        titre=etape_filter.sentence(etapes.count()) if asked else _("The next étapes"),
        url=f"{url}?{asked}" if asked else url,
        elements=[card(orjson.loads(text)) for text in ledger.contents(ETAPE, keys).values()],
        errors=etape_filter.errors,
        question=urlencode([*etape_filter.asked, *_page_size(etape_filter)]),
    )


def _address_of_list() -> str:
    index = EtapeIndexPage.objects.registered().visible().here().first()
    return absolute(index.full_url or "/") if index else settings.WAGTAILADMIN_BASE_URL


def _page_size(etape_filter: PagedEtapeFilter) -> list[tuple[str, str]]:
    """Returns ``[("par_page", number)]`` unless it is the default."""
    size = etape_filter.par_page
    return [("par_page", str(size))] if size != parsers.PAR_PAGE else []


def read_one(query: QueryDict, slug: str) -> Contents:
    """Returns what the embed of the public étape ``slug`` shows."""
    etape = public_page(ETAPE, slug)
    return page_contents(etape, query, card(etape))


def card(etape: dict[str, Any]) -> Element:
    """Builds the card of an étape from its API contents."""
    states = [] if etape["etat"] == StatutEtape.PREVUE else [str(StatutEtape(etape["etat"]).label)]
    number = f"{_('Étape')} {etape['numero']}" if etape["numero"] else ""
    return Element(
        titre=etape["titre"],
        url=etape["url"],
        sur=" · ".join(filter(None, [number, when(etape)])),
        texte=etape["chapo"],
        pied=[fact for fact in (etape["lieu"], etape["commune"]) if fact],
        marques=states + ([_("example")] if etape["exemple"] else []),
        image=etape["photo"],
    )


def when(etape: dict[str, Any]) -> str:
    """« mardi 16 avril 2013, 14 h 30 »; the moment of the day if the hours are not known, words for a date that is not."""
    if etape["date"]:
        day = day_of_week(date.fromisoformat(etape["date"]))
    else:
        day = without_date(is_cancelled=etape["statut"] == StatutEtape.ANNULEE)
    return ", ".join(filter(None, [day, hour(etape["debut"]) if etape["debut"] else etape["moment_libelle"]]))


def hour(text: str) -> str:
    return formats.hour(time.fromisoformat(text))


def entry(etape: dict[str, Any]) -> dict[str, Any]:
    """Builds a feed entry from an étape's API contents."""
    where = ", ".join(filter(None, [etape["lieu"], etape["commune"]]))
    summary = " – ".join(filter(None, [when(etape), where, etape["chapo"]]))
    return atom.entry_of(
        etape,
        title=title(etape),
        author=", ".join(organiser["nom"] for organiser in etape["organisateurs"]) or settings.WAGTAIL_SITE_NAME,
        summary=summary,
        html=f"{programme(etape)}{practical(etape)}{etape['compte_rendu_html']}",
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


def feed(index_page: Any, request: Any) -> Feed:
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
