"""Results of the site-wide search: fiches by all filters, the other groups by words only."""

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
from wagtail.models import Page

from fiches import content_language, content_site
from fiches.models import Publication
from fiches.models.publications import KINDS, PAGE
from fiches.pages.cards import cards
from fiches.publications.text_analysis import stems
from fiches.query import parsers
from fiches.query.fiche_filter import NOTHING, FicheFilter
from fiches.query.snippets import highlight, snippet
from fiches.query.word_search import RANK, TITLED, Words
from search.site_actions import SiteAction, actions_for

# Hits shown per group before one is chosen.
FICHES = 5
EACH = 5
# Of these, those that a group shows before the fiches, since they answer better than the best fiche.
AHEAD = 1
# The standing of a result with all the words in its introduction: a worse one that has them all may be any long page.
AS_AN_INTRODUCTION = (False, 2 * RANK)
# The groups besides the fiches, in their order.
GROUPS = {
    "etapes": gettext_lazy("Étapes"),
    "carnets": gettext_lazy("Road books"),
    "pages": gettext_lazy("Pages"),
}
GROUP_OF = {"etape": "etapes", "carnet": "carnets"}


def others(now: datetime | None = None) -> QuerySet:
    """The register's public rows that are not fiches, annotated with their ``group``."""
    group = Case(*(When(kind=kind, then=Value(name)) for kind, name in GROUP_OF.items()), default=Value("pages"))
    rows = content_site.narrow(Publication.objects.visible(now))
    # Named one by one: the database then starts from their few rows, not from those that have the words.
    kinds = {*KINDS.values(), PAGE} - {"fiche"}
    return rows.filter(kind__in=sorted(kinds)).annotate(group=group)


@dataclass
class Hit:
    """One result. ``titre`` and ``extrait`` are safe HTML; ``langue`` is "" for the active language; ``url`` is absolute;
    ``is_named``: whether its title is all that was asked, numbers aside; ``standing``: see :attr:`FicheFilter.standing`."""

    titre: str
    adresse: str
    extrait: str
    langue: str = ""
    id: int = 0
    url: str = ""
    is_named: bool = False
    standing: tuple[bool, int] = NOTHING


@dataclass
class ResultGroup:
    """The results of one kind. ``is_asked``: whether the question names this kind or one of its results, or asks for a meaning,
    which pages tell; ``is_first``: whether it
    stands before the fiches, since it is asked, or since some of its results answer better than the best fiche: then it has no other
    result."""

    genre: str
    libelle: str
    nombre: int
    hits: list[Hit]
    is_asked: bool = False
    is_first: bool = False


class Recherche:
    """A search from a query string. ``genre`` names one group, which is then shown page by page.

    Raises nothing: a parameter that can't be read is ignored and has a message in ``errors``. Filters other than words apply
    to fiches only: with one of them, the other groups are empty (``restreinte``).
    """

    def __init__(self, query: QueryDict, request: HttpRequest) -> None:
        fiche_query = query.copy()
        genres: Any = fiche_query.pop("genre", [""])
        self.request = request
        self.fiches = FicheFilter.parse(fiche_query)
        self.q = self.fiches.q
        self.errors = dict(self.fiches.errors)
        self.restreinte = bool(self.fiches.narrowing.keys() - {"q"})
        self.genre = self._genre(genres[-1])
        self.page, self.par_page = self._pages()
        everywhere = Publication.objects.visible(self.fiches.now)
        is_wide = bool(self.q) and not self.restreinte
        self.words = Words.find(self.q, others(self.fiches.now), everywhere, by_title=True) if is_wide else None

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
        """Returns ``(page, par_page)`` for the group in ``genre``. Without one, they are an error."""
        paging = self.fiches.page, self.fiches.par_page
        self.fiches.page, self.fiches.par_page = 1, FICHES
        if not self.genre:
            for name, value, default in zip(("page", "par_page"), paging, (1, parsers.PAR_PAGE), strict=True):
                if value != default:
                    self.errors[name] = _("Choose a group first: pages are those of one group.")
        return paging

    @property
    def est_posee(self) -> bool:
        """Whether there is a query: words or filters."""
        return bool(self.q or self.restreinte)

    @cached_property
    def nombres(self) -> dict[str, int]:
        """Returns ``{group: number of hits}`` for the groups besides the fiches that have hits."""
        if not self.words:
            return {}
        matches = others(self.fiches.now).filter(self.words.condition).order_by()
        return dict(matches.values_list("group").annotate(Count("pk")))

    @property
    def nombre(self) -> int:
        """The number of hits in all groups."""
        return self.fiches.count + sum(self.nombres.values()) if self.est_posee else 0

    @property
    def corrige(self) -> str:
        """The corrected words, if the typed ones have no match; else ""."""
        return next((words.corrige for words in (self.fiches.words, self.words) if words and words.corrige), "")

    @property
    def replaced(self) -> list[tuple[str, str]]:
        """``[(typed word, correction)]`` of the words that ``corrige`` replaces."""
        return next((words.replaced for words in (self.fiches.words, self.words) if words and words.corrige), [])

    @property
    def suite(self) -> str:
        """The query string for the list of fiches."""
        return self.fiches.querystring(sans=("page", "par_page"))

    @cached_property
    def site_actions(self) -> list[tuple[SiteAction, str]]:
        """What one can do on the site that answers the question: ``[(action, address)]``."""
        return actions_for(self.words, self.request) if self.words and not self.genre else []

    def vignettes(self) -> list:
        """The cards of the first fiches; none if one group is shown."""
        return cards(self.fiches, self.request) if self.est_posee and not self.genre else []

    @cached_property
    def groupes(self) -> list[ResultGroup]:
        """The groups that have hits: those of the kind that is asked for, then those with the best results."""
        if not self.words:
            return []
        names = [name for name in GROUPS if name in self.nombres and self.genre in ("", name)]
        part = self._slice(self.nombres.get(self.genre, 0)) if self.genre else slice(0, EACH)
        hits = self._hits(self.words, names, part)
        groups = [self._group(name, hits.get(name, [])) for name in names]
        return sorted(
            groups, key=lambda group: (not group.is_asked, min((hit.standing for hit in group.hits), default=NOTHING))
        )

    def _group(self, name: str, hits: list[Hit]) -> ResultGroup:
        label = str(GROUPS[name])
        is_explained = name == "pages" and bool(self.words and self.words.query.asks_meaning)
        is_of_kind = any(stems(label)[0] in meaning for meaning in (self.words.meanings if self.words else ()))
        is_asked = is_explained or is_of_kind or any(hit.is_named for hit in hits)
        has_fiches = not self.genre and bool(self.fiches.count)
        better = [hit for hit in hits if self._is_better_than_fiches(hit)] if has_fiches and not is_asked else []
        shown = better[:AHEAD] or hits
        return ResultGroup(name, label, self.nombres[name], shown, is_asked, is_first=is_asked or bool(better))

    def _is_better_than_fiches(self, hit: Hit) -> bool:
        return hit.standing < self.fiches.standing and (hit.standing[0] or hit.standing <= AS_AN_INTRODUCTION)

    @cached_property
    def _asked(self) -> set[str]:
        """The stems of the question, without numbers."""
        return set(filter(str.isalpha, self.words.query.stems)) if self.words else set()

    def _slice(self, number: int) -> slice:
        """The slice of the requested page among ``number`` hits. A page past the end gives the last one, and an error."""
        self.pages = Paginator(range(number), self.par_page)
        if self.page > self.pages.num_pages:
            self.errors["page"] = _("There is no page %(page)s: the last one is shown.") % {"page": self.page}
            self.page = self.pages.num_pages
        return slice((self.page - 1) * self.par_page, self.page * self.par_page)

    def _hits(self, words: Words, groups: list[str], part: slice) -> dict[str, list[Hit]]:
        """Returns ``{group: [Hit]}``: the slice ``part`` of the hits of each group. Hits in the active language come first. The number
        of queries is constant."""
        own = Case(When(language=content_language.active_language(), then=0), default=1)
        order = [own, *words.order] if content_language.is_multilingual() else words.order
        place = Window(RowNumber(), partition_by="group", order_by=order)
        rows = others(self.fiches.now).filter(words.condition, group__in=groups).annotate(place=place, rank=words.rank)
        rows = list(rows.filter(place__gt=part.start, place__lte=part.stop).order_by("place"))
        pages = Page.objects.in_bulk([row.object_id for row in rows])
        by_group: dict[str, list[Hit]] = {}
        for row in rows:
            if hit := self._hit(words, row, pages.get(row.object_id)):
                by_group.setdefault(row.group, []).append(hit)
        return by_group

    def _hit(self, words: Words, row: Any, page: Page | None) -> Hit | None:
        """Builds the hit of a row of the register; None without a URL. ``page``: the row's, or None."""
        address = page and page.get_url(self.request)
        if not page or not address:
            return None
        language = content_language.language_of(page)
        other_language = "" if language == content_language.active_language() else language
        title, extract = highlight(row.title, words.marked), snippet(row.text, words.marked)
        is_named = set(filter(str.isalpha, stems(row.title))) == self._asked
        standing = words.elargi and row.rank != TITLED, row.rank
        return Hit(title, address, extract, other_language, row.object_id, page.full_url, is_named, standing)
