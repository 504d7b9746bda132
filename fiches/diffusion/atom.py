"""Atom feeds with the full text and the pictures: Django's ``Atom1Feed``, filled from the contents of the API."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed, Enclosure
from django.utils.html import format_html
from django.utils.translation import gettext as _
from wagtail.models import Page

from fiches import content_language
from fiches.diffusion.api import lists, problems
from fiches.diffusion.body_content import figure
from fiches.diffusion.opendata import LICENCE, attribution
from fiches.models.routes import add_route
from fiches.publications import ledger
from fiches.publications.responses import versioned

if TYPE_CHECKING:
    from fiches.models import FicheIndexPage


# Characters that XML 1.0 forbids (section 2.2): controls, and U+FFFE, which text copied from a PDF may contain.
NOT_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Feed(Atom1Feed):
    """Adds the whole text and the position (GeoRSS) of each entry, and the address of the page of older entries."""

    def root_attributes(self) -> dict[str, str]:
        return {**super().root_attributes(), "xmlns:georss": "http://www.georss.org/georss"}

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        if self.feed["next_url"]:
            handler.addQuickElement("link", "", {"rel": "next", "href": self.feed["next_url"]})

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("summary", item["summary"])
        handler.addQuickElement("content", item["html"], {"type": "html"})
        if item["point"]:
            handler.addQuickElement("georss:point", item["point"])

    def latest_post_date(self) -> datetime:
        """Returns the date of the newest entry; in an empty feed, that of the last change of the site."""
        return super().latest_post_date() if self.items else self.feed["last_change"]


def register_feed(model: type[Page], make: Callable[[Page, HttpRequest], Feed]) -> None:
    """Adds the route ``flux.atom`` below each page of ``model``.

    :param make: ``make(page, request)`` returns the Feed; it may raise QueryError, which is answered as in the API.
    """

    def view(page: Page, request: HttpRequest) -> HttpResponse:
        try:
            return HttpResponse(make(page, request).writeString("utf-8"), content_type=Feed.content_type)
        except problems.QueryError as error:
            return problems.refused_in_language_of(request, error)

    add_route(model, "flux.atom", versioned(view), name="flux_atom")


def feed_of(page: Page, request: HttpRequest, entries: list[dict[str, Any]], **others: Any) -> Feed:
    """Returns the Feed of ``page``.

    :param entries: as :func:`entry_of` returns them.
    :param others: arguments of ``Atom1Feed`` that replace those of the page; ``next_url`` is the address of the older entries.
    """
    last_change = ledger.last_change() or timezone.now()
    own = {
        "title": f"{settings.WAGTAIL_SITE_NAME} – {page.title}",
        "link": page.full_url,
        "description": None,
        "subtitle": getattr(page, "introduction", ""),
        "language": content_language.language_of(page),
        "author_name": settings.WAGTAIL_SITE_NAME,
        "feed_url": request.build_absolute_uri(),
        "feed_copyright": f"{attribution()} – {LICENCE}",
        "next_url": None,
        "last_change": last_change,
    }
    feed = Feed(**{name: _xml(value) for name, value in (own | others).items()})
    for entry in entries:  # a page that a program made has no dates, and Atom requires one
        dated = {**entry, "updateddate": entry["updateddate"] or last_change}
        feed.add_item(**{name: _xml(value) for name, value in dated.items()})
    return feed


def _xml(value: Any) -> Any:
    """Removes from a text, or from each text of a list, the characters that XML 1.0 forbids."""
    if isinstance(value, str):
        return NOT_XML.sub("", value)
    return [_xml(each) for each in value] if isinstance(value, list) else value


def read_single_page(request: HttpRequest) -> dict:
    """Reads the paging parameters of a feed that has one page, as ``read_paging`` returns them.

    :raises QueryError: for an invalid parameter, or a page after the first.
    """
    paging = lists.read_paging(request)
    refuse_other_pages(request, paging["page"])
    return paging


def refuse_other_pages(request: HttpRequest, page: int) -> None:
    """Checks that ``page`` is the first.

    :raises QueryError: if it isn't.
    """
    if page > 1:
        with problems.in_language_of(request):
            raise problems.QueryError({"page": _("This feed has one page: say how many with “par_page”.")})


def entries_of(nature: str, pks: list[int], entry: Callable[[dict], dict[str, Any]]) -> list[dict[str, Any]]:
    """Returns ``entry(contents)`` of each page that has contents in the register, in the order of ``pks``."""
    return [entry(orjson.loads(text)) for text in ledger.contents(nature, pks).values()]


def entry_of(
    contents: dict, *, author: str, summary: str, html: str, categories: list[str], title: str = ""
) -> dict[str, Any]:
    """Returns the arguments of ``Feed.add_item`` for a page.

    :param contents: its API contents.
    :param html: its text, which follows the photo and the summary.
    :param title: its title; that of the contents when empty.
    """
    photo, latitude = contents.get("photo"), contents.get("latitude")
    picture = figure({"image": photo, "legende": ""}) if photo else ""
    standfirst = format_html("<p><strong>{}</strong></p>", summary) if summary else ""
    published, changed = _date(contents["publie_le"]), _date(contents["modifie_le"])
    return {
        "unique_id": f"urn:uuid:{contents['uid']}",
        "link": contents["url"],
        "title": title or marked_title(contents),
        "description": None,
        "author_name": author,
        "summary": summary,
        "html": f"{picture}{standfirst}{html}",
        "pubdate": published,
        "updateddate": changed or published,
        "categories": [*categories, *([_("example")] if contents["exemple"] else [])],
        "enclosures": [Enclosure(photo["tailles"]["grande"]["url"], "0", "image/webp")] if photo else [],
        "point": None if latitude is None else f"{latitude} {contents['longitude']}",
    }


def _date(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def marked_title(contents: dict[str, Any]) -> str:
    """Returns the title, followed by « (example) » for a fictitious record."""
    return _("%(title)s (example)") % {"title": contents["titre"]} if contents["exemple"] else contents["titre"]


def fiche_entry(fiche: dict[str, Any]) -> dict[str, Any]:
    """Returns the entry of a fiche from its API contents."""
    criteria = [critere["nom"] for dimension in fiche["grille"] for critere in dimension["criteres"]]
    prizes = [f"{prize['libelle']}, {prize['categorie']} ({prize['edition']})" for prize in fiche["prix"]]
    return entry_of(
        fiche,
        author=fiche["organisation"],
        summary=fiche["chapo"],
        html=fiche["texte_html"],
        categories=[*criteria, *fiche["mots_cles"], *prizes],
    )


def fiches_feed(index_page: "FicheIndexPage", request: HttpRequest) -> Feed:
    """Returns the Feed of the fiches that match the request's query, the newest first unless ``tri`` says otherwise.

    :raises QueryError: for an invalid parameter.
    """
    choice = lists.Choice(request, None, ("curseur",))
    fiche_filter = lists.read_filter(request)
    part = lists.cut_filter(choice, fiche_filter)
    return feed_of(
        index_page,
        request,
        entries_of("fiche", part.keys, fiche_entry),
        subtitle=fiche_filter.sentence(),
        link=f"{index_page.full_url}?{fiche_filter.querystring(sans=('page', 'par_page'))}".rstrip("?"),
        next_url=lists.page_url(request, part.following),
        language=fiche_filter.langue,
    )
