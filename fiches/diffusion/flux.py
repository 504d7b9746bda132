"""Feeds for readers' tools: Atom (RFC 4287) and JSON Feed 1.1, with the whole text and its pictures."""

import re
from typing import NamedTuple
from xml.etree import ElementTree

import orjson
from django.conf import settings
from django.http import HttpResponse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from fiches.diffusion.api import listes, problemes
from fiches.diffusion.corps import figure
from fiches.diffusion.geojson import LICENCE, attribution
from fiches.publications import ledger

ATOM = "application/atom+xml; charset=utf-8"
JSON_FEED = "application/feed+json; charset=utf-8"
NAMESPACES = {"": "http://www.w3.org/2005/Atom", "georss": "http://www.georss.org/georss"}

UNREADABLE = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 can't hold (§2.2): controls, and U+FFFE, which copies from a PDF carry where a line's end cut a word."""
NEVER = "1970-01-01T00:00:00Z"
"""Atom wants a date; a page that code made has none."""


class Entry(NamedTuple):
    uid: str
    url: str
    titre: str
    auteur: str
    resume: str
    html: str
    texte: str
    image: str
    publie_le: str
    modifie_le: str
    categories: list
    point: tuple | None


class Feed(NamedTuple):
    """``suite`` is the address of the older entries, or ``None``."""

    titre: str
    sous_titre: str
    page: str
    adresse: str
    suite: str | None
    entrees: list
    langue: str


def fiche_entry(fiche):
    """An entry from a fiche's contents (see ``contenu``)."""
    criteria = [critere["nom"] for dimension in fiche["grille"] for critere in dimension["criteres"]]
    prizes = [f"{prize['libelle']}, {prize['categorie']} ({prize['edition']})" for prize in fiche["prix"]]
    return Entry(
        uid=f"urn:uuid:{fiche['uid']}",
        url=fiche["url"],
        titre=marked(fiche),
        auteur=fiche["organisation"],
        resume=fiche["chapo"],
        html=illustrated(fiche["photo"], fiche["chapo"], fiche["texte_html"]),
        texte="\n\n".join(filter(None, [fiche["chapo"], fiche["texte"]])),
        image=fiche["photo"]["tailles"]["grande"]["url"] if fiche["photo"] else "",
        publie_le=fiche["publie_le"],
        modifie_le=fiche["modifie_le"],
        categories=[*criteria, *fiche["mots_cles"], *prizes, *([_("example")] if fiche["exemple"] else [])],
        point=(fiche["latitude"], fiche["longitude"]) if fiche["latitude"] is not None else None,
    )


def marked(contents):
    """The title, marked where the record is fictitious."""
    return _("%(title)s (example)") % {"title": contents["titre"]} if contents["exemple"] else contents["titre"]


def illustrated(photo, chapo, html):
    picture = figure({"image": photo, "legende": ""}) if photo else ""
    return f"{picture}{format_html('<p><strong>{}</strong></p>', chapo) if chapo else ''}{html}"


def fiches_feed(index_page, request):
    """The feed of the query of ``request``, the newest first unless it asks for another order.

    :raises QueryError: names what can't be read.
    """
    found, cursor = listes.asked(request)
    window = listes.Window(found, cursor)
    contents = ledger.contents("fiche", window.page)
    parameters = [(name, value) for name, value in found.parameters() if name != "page"]
    return Feed(
        titre=f"{settings.WAGTAIL_SITE_NAME} – {index_page.title}",
        sous_titre=found.sentence(),
        page=f"{index_page.full_url}?{found.querystring(sans=('page', 'par_page'))}".rstrip("?"),
        adresse=request.build_absolute_uri(),
        suite=listes.address(request, parameters, window.next),
        entrees=[fiche_entry(orjson.loads(text)) for text in contents.values()],
        langue=found.langue,
    )


def fiches_atom(index_page, request):
    return answer(request, lambda: atom(fiches_feed(index_page, request)), ATOM)


def fiches_json(index_page, request):
    return answer(request, lambda: json_feed(fiches_feed(index_page, request)), JSON_FEED)


def answer(request, make, content_type):
    """What ``make()`` gives, readable from any site; what can't be read is refused as the API does."""
    try:
        response = HttpResponse(make(), content_type=content_type)
    except problemes.QueryError as error:
        response = problemes.refused_in_language_of(request, error)
    response["Access-Control-Allow-Origin"] = "*"
    return response


def atom(feed):
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


def _updated(feed):
    """The newest entry's date; of an empty feed, the date of the content as a whole."""
    dates = [entry.modifie_le for entry in feed.entrees if entry.modifie_le]
    changed = ledger.last_change()
    return max(dates, default=changed.isoformat() if changed else NEVER)


def _atom_entry(root, entry):
    node = _add(root, "entry")
    _add(node, "id", entry.uid)
    _add(node, "title", entry.titre)
    _add(_add(node, "author"), "name", entry.auteur)
    _add(node, "published", entry.publie_le or NEVER)
    _add(node, "updated", entry.modifie_le or entry.publie_le or NEVER)
    _link(node, "alternate", entry.url, "text/html")
    if entry.image:
        _link(node, "enclosure", entry.image, "image/webp")
    for category in entry.categories:
        _add(node, "category", term=readable(category))
    _add(node, "summary", entry.resume)
    _add(node, "content", entry.html, type="html")
    if entry.point:
        _add(node, "georss:point", "{} {}".format(*entry.point))


def _add(parent, name, text=None, **attributes):
    node = ElementTree.SubElement(parent, name, attributes)
    node.text = text and readable(text)
    return node


def _link(parent, rel, href, kind):
    _add(parent, "link", rel=rel, href=href, type=kind)


def readable(text):
    return UNREADABLE.sub("", str(text))


def json_feed(feed):
    data = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.titre,
        "description": feed.sous_titre,
        "home_page_url": feed.page,
        "feed_url": feed.adresse,
        "language": feed.langue,
        "items": [_json_item(entry) for entry in feed.entrees],
    }
    if feed.suite:
        data["next_url"] = feed.suite
    return orjson.dumps(data)


def _json_item(entry):
    """An item has content, as the format wants, were it its title alone."""
    item = {
        "id": entry.uid,
        "url": entry.url,
        "title": entry.titre,
        "summary": entry.resume,
        "content_html": entry.html,
        "content_text": entry.texte or (not entry.html and entry.titre),
        "image": entry.image,
        "date_published": entry.publie_le,
        "date_modified": entry.modifie_le,
        "tags": entry.categories,
        "authors": [{"name": entry.auteur}],
    }
    return {key: value for key, value in item.items() if value}
