"""What the search page shows: fiches by the query language, the rest by the same words, in groups."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Case, Count, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.documents import get_document_model
from wagtail.models import Page

from fiches import langues
from fiches.diffusion.images import absolute
from fiches.models import Publication
from fiches.pages.cards import cards
from fiches.publications.ledger import DOCUMENT
from fiches.query import parametres
from fiches.query.extraits import highlight, snippet
from fiches.query.filtre import FicheFilter
from fiches.query.mots import Words

FICHES = 5
EACH = 5
# The groups beside the fiches, in their order.
GROUPS = {
    "etapes": gettext_lazy("Étapes"),
    "carnets": gettext_lazy("Road books"),
    "pages": gettext_lazy("Pages"),
    "documents": gettext_lazy("Documents"),
}
GROUP_OF = {"etape": "etapes", "carnet": "carnets", DOCUMENT: "documents"}


def others(now: datetime | None = None) -> QuerySet:
    """The public pages and documents that are no fiches, each with its ``group``."""
    group = Case(*(When(kind=kind, then=Value(name)) for kind, name in GROUP_OF.items()), default=Value("pages"))
    return Publication.objects.visible(now).exclude(kind="fiche").annotate(group=group)


@dataclass
class Hit:
    """``titre`` and ``extrait`` are safe HTML; ``langue`` where it isn't the one being read; ``url`` is the whole address."""

    titre: str
    adresse: str
    extrait: str
    langue: str = ""
    id: int = 0
    url: str = ""


@dataclass
class Groupe:
    genre: str
    libelle: str
    nombre: int
    hits: list[Hit]


class Recherche:
    """The answer to a question in the query language; ``genre`` shows one group whole, page by page. Nothing raises:
    ``errors`` tells what could not be read, and the rest applies.

    Filters are those of fiches: as soon as one is in use, fiches alone can answer (``restreinte``).
    """

    def __init__(self, query: QueryDict, request: HttpRequest) -> None:
        asked = query.copy()
        genres: Any = asked.pop("genre", [""])
        self.request = request
        self.fiches = FicheFilter.parse(asked)
        self.q = self.fiches.q
        self.errors = dict(self.fiches.errors)
        self.restreinte = bool(self.fiches.narrowing.keys() - {"q"})
        self.genre = self._genre(genres[-1])
        self.page, self.par_page = self._pages()
        self.words = Words(self.q, others(self.fiches.now)) if self.q and not self.restreinte else None

    def _genre(self, text: str) -> str:
        if not text:
            return ""
        if text not in GROUPS:
            self.errors["genre"] = _("There is no such group of results.")
        elif self.restreinte:
            self.errors["genre"] = _("These filters are those of fiches: no other group can answer them.")
        else:
            return text
        return ""

    def _pages(self) -> tuple[int, int]:
        """What ``page`` and ``par_page`` ask of the group shown whole; of several groups at once, they ask nothing."""
        asked = self.fiches.page, self.fiches.par_page
        self.fiches.page, self.fiches.par_page = 1, FICHES
        if not self.genre:
            for name, value, usual in zip(("page", "par_page"), asked, (1, parametres.PAR_PAGE), strict=True):
                if value != usual:
                    self.errors[name] = _("Choose a group first: pages are those of one group.")
        return asked

    @property
    def est_posee(self) -> bool:
        """Whether anything is asked."""
        return bool(self.q or self.restreinte)

    @cached_property
    def nombres(self) -> dict[str, int]:
        """``{group: how many hits it has}`` of the groups beside the fiches that have some."""
        if not self.words:
            return {}
        found = others(self.fiches.now).filter(self.words.condition).order_by()
        return dict(found.values_list("group").annotate(Count("pk")))

    @property
    def nombre(self) -> int:
        """How many things were found in all."""
        return self.fiches.count + sum(self.nombres.values()) if self.est_posee else 0

    @property
    def corrige(self) -> str:
        """What was understood of words that nothing has as they are typed."""
        return (self.q and self.fiches.words.corrige) or (self.words.corrige if self.words else "")

    @property
    def suite(self) -> str:
        """The question, for the list of the fiches."""
        return self.fiches.querystring(sans=("page", "par_page"))

    def vignettes(self) -> list:
        """The cards of the first fiches, unless a group is shown whole."""
        return cards(self.fiches, self.request) if self.est_posee and not self.genre else []

    def groupes(self) -> list[Groupe]:
        """The groups that have hits, in the order of the page."""
        if not self.words:
            return []
        shown = [name for name in GROUPS if name in self.nombres and self.genre in ("", name)]
        part = self._part(self.nombres.get(self.genre, 0)) if self.genre else slice(0, EACH)
        hits = self._hits(self.words, shown, part)
        return [Groupe(name, str(GROUPS[name]), self.nombres[name], hits.get(name, [])) for name in shown]

    def _part(self, number: int) -> slice:
        """Where the page asked for stands; a page past the end is the last one, and an error."""
        self.pages = Paginator(range(number), self.par_page)
        if self.page > self.pages.num_pages:
            self.errors["page"] = _("There is no page %(page)s: the last one is shown.") % {"page": self.page}
            self.page = self.pages.num_pages
        return slice((self.page - 1) * self.par_page, self.page * self.par_page)

    def _hits(self, words: Words, groups: list[str], part: slice) -> dict[str, list[Hit]]:
        """``{group: [Hit]}``, the same part of each, in a constant number of queries."""
        place = Window(RowNumber(), partition_by="group", order_by=words.order)
        rows = others(self.fiches.now).filter(words.condition, group__in=groups).annotate(place=place)
        rows = list(rows.filter(place__gt=part.start, place__lte=part.stop).order_by("place"))
        pages = Page.objects.in_bulk([row.object_id for row in rows if row.kind != DOCUMENT])
        documents = get_document_model().objects.in_bulk([row.object_id for row in rows if row.kind == DOCUMENT])
        found: dict[str, list[Hit]] = {}
        for row in rows:
            if hit := self._hit(words, row, (documents if row.kind == DOCUMENT else pages).get(row.object_id)):
                found.setdefault(row.group, []).append(hit)
        return found

    def _hit(self, words: Words, row: Any, shown: Any) -> Hit | None:
        """:param shown: the page or the document of a row."""
        address = shown and (shown.url if row.kind == DOCUMENT else shown.get_url(self.request))
        if not address:
            return None
        language = langues.default_language() if row.kind == DOCUMENT else langues.language_of(shown)
        said = "" if language == langues.current() else language
        whole = absolute(address) if row.kind == DOCUMENT else shown.full_url
        title, extract = highlight(row.title, words.stems), snippet(row.text, words.stems)
        return Hit(title, address, extract, said, row.object_id, whole)
