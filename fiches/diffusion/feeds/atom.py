"""Builds Atom feeds (RFC 4287) with the full text and the pictures."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.etree import ElementTree

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from wagtail.models import Page

from fiches import content_language
from fiches.diffusion.api import lists, problems
from fiches.diffusion.body_content import figure
from fiches.diffusion.contents import instant
from fiches.diffusion.opendata.licence import LICENCE, attribution
from fiches.models import Publication
from fiches.models.routes import add_route
from fiches.publications import ledger
from fiches.publications.responses import versioned

if TYPE_CHECKING:
    from fiches.models import FicheIndexPage


ATOM = "application/atom+xml; charset=utf-8"
NAMESPACES = {"": "http://www.w3.org/2005/Atom", "georss": "http://www.georss.org/georss"}

# Characters that XML 1.0 forbids (section 2.2): controls, and U+FFFE, which text copied from a PDF may contain.
NOT_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Entry(NamedTuple):
    """An entry of a feed. ``point`` is ``(latitude, longitude)``; the dates are ISO 8601 texts."""

    uid: str
    url: str
    titre: str
    auteur: str
    resume: str
    html: str
    publie_le: str
    modifie_le: str
    categories: list
    image: str = ""
    point: tuple | None = None


class Feed(NamedTuple):
    """A feed before it is written. ``suite`` is the address of the page of older entries, or None."""

    titre: str
    sous_titre: str
    page: str
    adresse: str
    suite: str | None
    entrees: list
    langue: str


def register_feed(model: type[Page], make: Callable[[Page, HttpRequest], Feed]) -> None:
    """Adds the route ``flux.atom`` below each page of ``model``.

    :param make: ``make(page, request)`` returns the Feed; it may raise QueryError, which is answered as in the API.
    """

    def view(page: Page, request: HttpRequest) -> HttpResponse:
        try:
            return HttpResponse(atom(make(page, request)), content_type=ATOM)
        except problems.QueryError as error:
            return problems.refused_in_language_of(request, error)

    add_route(model, "flux.atom", versioned(view), name="flux_atom")


def feed_of(page: Page, request: HttpRequest, entries: list[Entry], /, **others: Any) -> Feed:
    """Returns the Feed of ``page``; ``others`` replace fields of :class:`Feed`."""
    own = {
        "titre": f"{settings.WAGTAIL_SITE_NAME} – {page.title}",
        "sous_titre": getattr(page, "introduction", ""),
        "page": page.full_url,
        "adresse": request.build_absolute_uri(),
        "suite": None,
        "entrees": entries,
        "langue": content_language.language_of(page),
    }
    return Feed(**own | others)


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


def entries_of(nature: str, pks: list[int], entry: Callable[[dict], Entry]) -> list[Entry]:
    """Returns ``entry(contents)`` of each page that has contents in the register, in the order of ``pks``. A page without dates, such
    as one that a program made, has that of its last change in the register, since Atom requires one."""
    contents = {pk: orjson.loads(text) for pk, text in ledger.contents(nature, pks).items()}
    undated = [pk for pk, each in contents.items() if not (each["modifie_le"] or each["publie_le"])]
    if undated:
        for row in Publication.objects.filter(kind=nature, object_id__in=undated).only("object_id", "changed_at"):
            contents[row.object_id]["modifie_le"] = instant(row.changed_at)
    return [entry(each) for each in contents.values()]


def entry_of(contents: dict, /, **others: Any) -> Entry:
    """Returns the Entry of a page from its API contents; ``others`` are the fields of :class:`Entry` that depend on its kind."""
    return Entry(
        uid=f"urn:uuid:{contents['uid']}",
        url=contents["url"],
        publie_le=contents["publie_le"],
        modifie_le=contents["modifie_le"],
        **{"titre": marked_title(contents)} | others,
    )


def picture_and_point(contents: dict) -> dict:
    """Returns the fields ``image`` and ``point`` of :class:`Entry`."""
    photo, latitude = contents["photo"], contents["latitude"]
    return {
        "image": photo["tailles"]["grande"]["url"] if photo else "",
        "point": (latitude, contents["longitude"]) if latitude is not None else None,
    }


def example_category(is_example: bool) -> list[str]:
    """The categories of an entry that is an example; none for another."""
    return [_("example")] if is_example else []


def fiche_entry(fiche: dict[str, Any]) -> Entry:
    """Returns the Entry of a fiche from its API contents."""
    criteria = [critere["nom"] for dimension in fiche["grille"] for critere in dimension["criteres"]]
    prizes = [f"{prize['libelle']}, {prize['categorie']} ({prize['edition']})" for prize in fiche["prix"]]
    return entry_of(
        fiche,
        auteur=fiche["organisation"],
        resume=fiche["chapo"],
        html=with_photo(fiche["photo"], fiche["chapo"], fiche["texte_html"]),
        categories=[*criteria, *fiche["mots_cles"], *prizes, *example_category(fiche["exemple"])],
        **picture_and_point(fiche),
    )


def marked_title(contents: dict[str, Any]) -> str:
    """Returns the title, followed by « (example) » for a fictitious record."""
    return _("%(title)s (example)") % {"title": contents["titre"]} if contents["exemple"] else contents["titre"]


def with_photo(photo: dict[str, Any] | None, chapo: str, html: str) -> str:
    """Returns the HTML of an entry: photo, standfirst, text."""
    picture = figure({"image": photo, "legende": ""}) if photo else ""
    return f"{picture}{format_html('<p><strong>{}</strong></p>', chapo) if chapo else ''}{html}"


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
        sous_titre=fiche_filter.sentence(),
        page=f"{index_page.full_url}?{fiche_filter.querystring(sans=('page', 'par_page'))}".rstrip("?"),
        suite=lists.page_url(request, part.following),
        langue=fiche_filter.langue,
    )


def atom(feed: Feed) -> bytes:
    """Returns a Feed as Atom (bytes)."""
    root = ElementTree.Element(
        "feed", {"xmlns": NAMESPACES[""], "xmlns:georss": NAMESPACES["georss"], "xml:lang": feed.langue}
    )
    _add(root, "id", feed.page)
    _add(root, "title", feed.titre)
    _add(root, "subtitle", feed.sous_titre)
    _add(root, "updated", _updated(feed))
    _add(root, "rights", f"{attribution()} – {LICENCE}")
    _add(_add(root, "author"), "name", settings.WAGTAIL_SITE_NAME)
    _link(root, "alternate", feed.page, "text/html")
    _link(root, "self", feed.adresse, "application/atom+xml")
    if feed.suite:
        _link(root, "next", feed.suite, "application/atom+xml")
    for entry in feed.entrees:
        _atom_entry(root, entry)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def _updated(feed: Feed) -> str:
    """Returns the date of the newest entry; in an empty feed, that of the last change of the site."""
    dates = [entry.modifie_le for entry in feed.entrees if entry.modifie_le]
    changed = ledger.last_change()
    return max(dates, default=(changed or timezone.now()).isoformat())


def _atom_entry(root: Any, entry: Entry) -> None:
    node = _add(root, "entry")
    _add(node, "id", entry.uid)
    _add(node, "title", entry.titre)
    _add(_add(node, "author"), "name", entry.auteur)
    if entry.publie_le:
        _add(node, "published", entry.publie_le)
    _add(node, "updated", entry.modifie_le or entry.publie_le)
    _link(node, "alternate", entry.url, "text/html")
    if entry.image:
        _link(node, "enclosure", entry.image, "image/webp")
    for category in entry.categories:
        _add(node, "category", term=xml_text(category))
    _add(node, "summary", entry.resume)
    _add(node, "content", entry.html, type="html")
    if entry.point:
        _add(node, "georss:point", "{} {}".format(*entry.point))


def _add(parent: Any, name: str, text: str | None = None, **attributes: Any) -> Any:
    node = ElementTree.SubElement(parent, name, attributes)
    node.text = text and xml_text(text)
    return node


def _link(parent: Any, rel: str, href: str, kind: str) -> None:
    _add(parent, "link", rel=rel, href=href, type=kind)


def xml_text(text: str) -> str:
    """Removes the characters that XML 1.0 forbids."""
    return NOT_XML.sub("", str(text))
