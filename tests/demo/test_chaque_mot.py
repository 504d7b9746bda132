"""Every word of every public page of the demonstration finds its page; the words around its contents (labels, titles of sections, forms)
find something, and none is taken for a slip."""

import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import polib
import pytest
from django.conf import settings
from wagtail.images.models import SourceImageIOError
from wagtail.models import Page

from etapes.models import EtapePage
from fiches.models import FichePage, Publication
from fiches.publications.text_analysis import MAX_WORD, STOPWORDS, clean, words
from fiches.publications.words import is_proposable
from fiches.query.word_search import Words
from home.models import Illustration
from tests.database_templates import ROOMS, ROOT

pytestmark = [pytest.mark.nightly, pytest.mark.usefixtures("demonstration")]

# Parts of a page that are not its text: what it asks, leads to, or repeats of other pages.
APART = {"button", "dt", "form", "nav", "script", "select", "style", "svg", "template"}
OF_OTHERS = {"badge", "badges", "cards", "fiche__found", "grille__dimension", "neighbours", "prizes", "road"}
# Figures of the site itself, and notes on a file or a video.
FIGURES = {
    "audit__figures",
    "facts__left",
    "figures-row",
    "file__note",
    "partner__deeds",
    "sieve__count",
    "video__note",
}
# A criterion that the fiche does not meet is shown beside those that it meets.
NOT_MET = {"grille__item"}
# Pages that sum up others: what they show finds a page, not them.
SUMMARIES = {"accueil", "etapes", "fiches", "carnets"}
# The prizes of a palmarès, which wait for an hour; the form that the law gives to a statement of accessibility.
LATER = {"palmares", "carnet-2", "accessibilite"}
VALUE = re.compile(r"%\(\w+\)\w|%s")
# What is true for a moment (places left, a first date, counts), and the credit of the demonstration's drawings.
LEFT = re.compile(r"places? libres?|^jusqu’au |première date|^\d+ innovations|Dessin du projet")
# Names of formats and units, which no wording has: never corrected, found where a text has them.
CODES = {"bibtex", "csl", "geojson", "html", "js", "ko", "octets", "ris", "svg", "ua", "xlsx", "defenseurdesdroits"}
VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}


class MainText(HTMLParser):
    """Collects the pieces of text of ``main`` (``everything``), and those that are the page's own (``pieces``)."""

    def __init__(self, html):
        super().__init__()
        self.pieces, self.everything, self.open, self.skipped = [], [], [], 0
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        if tag in VOID:
            return
        attrs = dict(attrs)
        self.open.append(tag)
        is_link = tag == "a" and (attrs.get("href") or "").startswith(("/", "?", "#"))
        classes = set((attrs.get("class") or "").split())
        apart = tag in APART or is_link or (OF_OTHERS | FIGURES) & classes or classes == NOT_MET
        if self.skipped or apart or attrs.get("aria-hidden") == "true":
            self.skipped += 1

    def handle_endtag(self, tag):
        if tag not in VOID and self.open:
            self.open.pop()
            self.skipped = max(0, self.skipped - 1)

    def handle_data(self, data):
        if "main" not in self.open or not clean(data) or {"script", "style", "template"} & set(self.open):
            return
        self.everything.append(clean(data))
        if not self.skipped:
            self.pieces.append(clean(data))


@cache
def wordings():
    """The French wordings of the interface: ``(whole ones, {first letter or "": patterns of those with values})``."""
    whole, patterns = set(), {}
    for room in ROOMS:
        for path in Path(ROOT, room).rglob("locale/fr/LC_MESSAGES/django.po"):
            for entry in polib.pofile(str(path)):
                for text in filter(None, [entry.msgstr, *entry.msgstr_plural.values()]):
                    for piece in filter(None, map(clean, re.split(r"<[^>]+>", text))):
                        literal = VALUE.sub("", piece)
                        if literal == piece:
                            whole.add(piece.casefold())
                        elif literal.strip(" .,:–()"):
                            pattern = "(.+)".join(map(re.escape, VALUE.split(piece.replace("%%", "%"))))
                            first = "" if VALUE.match(piece) else piece[0].casefold()
                            patterns.setdefault(first, set()).add(re.compile(pattern, re.IGNORECASE))
    return whole, patterns


@cache
def own_words(piece):
    """The words of a piece that are not the interface's."""
    whole, patterns = wordings()
    if LEFT.search(piece) or piece.casefold() in whole:
        return []
    matches = (pattern.fullmatch(piece) for pattern in patterns.get(piece[0].casefold(), set()) | patterns[""])
    values = [" / ".join(match.groups()) for match in matches if match]
    rest = min(values, key=len, default=piece)
    for wording in whole:
        if " " in wording and wording in rest.casefold():
            rest = re.sub(rf"\b{re.escape(wording)}\b", " ", rest, flags=re.IGNORECASE)
    return words(rest)


def shown_words(client, rows, pages):
    """``{word: {key of a row: a piece with it}}`` of the public pages, and ``{word: slug of a page}`` of all that they show."""
    shown, everything = {}, {}
    for row in rows:
        page = pages[row.object_id]
        text = MainText(client.get(page.get_url()).content.decode())
        for piece in text.pieces if page.slug not in LATER else ():
            for word in own_words(piece):
                if word not in STOPWORDS and len(word) <= MAX_WORD:
                    shown.setdefault(word, {}).setdefault(row.pk, piece)
        if row.language == settings.LANGUAGE_CODE:
            everything |= dict.fromkeys(words(" ".join(text.everything)), page.slug)
    return shown, {word: slug for word, slug in everything.items() if is_proposable(word) and word not in STOPWORDS}


def refuse(*_filters):
    raise SourceImageIOError


def test_every_word_of_every_public_page_finds_its_page(client, monkeypatch):
    for name in ("create_rendition", "create_renditions"):  # pictures have no words, and take most of the time
        monkeypatch.setattr(Illustration, name, lambda self, *filters: refuse())
    rows = list(Publication.objects.visible().exclude(kind="document"))
    pages = Page.objects.in_bulk([row.object_id for row in rows])
    (shown, everything), lost = shown_words(client, rows, pages), {}
    assert len(rows) > 50
    assert len(shown) > 2000
    for word, by_page in shown.items():
        search = Words.find(word, Publication.objects.visible())
        found = set(Publication.objects.visible().filter(search.condition).values_list("pk", flat=True))
        for row in rows:
            slug = pages[row.object_id].slug
            is_found = bool(found) if slug in SUMMARIES else row.pk in found
            if row.pk in by_page and (search.corrige or not is_found):
                lost.setdefault(f"{slug}: {by_page[row.pk]}", []).append(word)
    for word in everything.keys() - shown.keys():
        search = Words.find(word, Publication.objects.visible())
        if search.corrige or not (word in CODES or Publication.objects.visible().filter(search.condition).exists()):
            lost[f"{everything[word]}, around its contents: {word}"] = search.corrige
    assert lost == {}


# Public addresses that are no pages: forms, what they answer, and the site's other documents.
FORMS = (
    "/candidature/",
    "/candidature/lien-envoye/",
    "/carnets/abonnement/",
    "/carnets/abonnement/envoye/",
    "/contact/",
    "/contact/merci/",
    "/fiches/suivre/",
    "/fiches/suivre/envoye/",
    "/inscription/",
    "/inscription/lien-envoye/",
    "/integration/",
    "/plan-du-site/",
    "/presse/",
    "/recherche/?q=verger",
    "/signaler/",
    "/signaler/merci/",
)


def test_no_word_of_a_public_form_is_taken_for_a_slip(client):
    open_to_all = EtapePage.objects.visible().filter(inscriptions="ouvertes").upcoming()
    written_to = next(fiche for fiche in FichePage.objects.visible() if fiche.can_be_written_to)
    etapes = [
        f"{etape.get_url()}inscription/{path}"
        for etape in open_to_all
        for path in ("", "confirmee/", "liste-d-attente/")
    ]
    assert len(etapes) > 3
    slips, of_code = {}, {"module"}  # that of the code to copy on /integration/
    for address in (*FORMS, *etapes, f"/contact/{written_to.slug}/"):
        page = client.get(address)
        assert page.status_code == 200, address
        for word in (
            set(words(" ".join(MainText(page.content.decode()).everything))) - STOPWORDS - slips.keys() - of_code
        ):
            if is_proposable(word) and (corrected := Words(word, Publication.objects.visible()).corrige):
                slips[word] = f"{corrected} ({address})"
    assert slips == {}
