"""Results of the site-wide search: fiches by all filters, the other groups by words only."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Case, QuerySet, Value, When
from django.http import HttpRequest, QueryDict
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Page

from fiches import content_language, content_site
from fiches.models import Publication
from fiches.models.publications import KINDS, PAGE
from fiches.pages.cards import cards
from fiches.publications.text_analysis import stems
from fiches.query import parsers
from fiches.query.fiche_filter import FicheFilter
from fiches.query.snippets import highlight, snippet
from fiches.query.word_search import Words
from search.site_actions import SiteAction, actions_for

# Hits shown per group before one is chosen.
FICHES = 5
EACH = 5
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
    """One result. ``titre`` and ``extrait`` are safe HTML; ``langue`` is "" for the active language; ``url`` is absolute."""

    titre: str
    adresse: str
    extrait: str
    langue: str = ""
    id: int = 0
    url: str = ""


@dataclass
class ResultGroup:
    """The results of one kind. ``is_first``: whether it stands before the fiches."""

    genre: str
    libelle: str
    nombre: int
    hits: list[Hit]
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
    def matches(self) -> dict[str, list[int]]:
        """Returns ``{group: keys of its rows}`` for the groups besides the fiches that have hits, those in the active language first."""
        if not self.words:
            return {}
        own = Case(When(language=content_language.active_language(), then=0), default=1)
        rows = others(self.fiches.now).filter(self.words.condition).order_by(own, *self.words.order)
        matches: dict[str, list[int]] = {}
        for group, key in rows.values_list("group", "pk"):
            matches.setdefault(group, []).append(key)
        return matches

    @property
    def nombres(self) -> dict[str, int]:
        """Returns ``{group: number of hits}`` for the groups besides the fiches that have hits."""
        return {group: len(keys) for group, keys in self.matches.items()}

    @property
    def nombre(self) -> int:
        """The number of hits in all groups."""
        return self.fiches.count + sum(self.nombres.values()) if self.est_posee else 0

    @property
    def corrige(self) -> str:
        """The corrected words, if the typed ones have no match; else ""."""
        return self.fiches.corrige or (self.words.corrige if self.words else "")

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
        """The groups that have hits, those that stand before the fiches first."""
        part = self._slice(self.nombres.get(self.genre, 0)) if self.words and self.genre else slice(0, EACH)
        shown = {name: keys[part] for name, keys in self.matches.items() if self.genre in ("", name)}
        found = self._hits({key for keys in shown.values() for key in keys})
        groups = []
        for name, label in GROUPS.items():
            if name in shown:
                hits = [hit for key in shown[name] if (hit := found.get(key))]
                groups.append(ResultGroup(name, str(label), self.nombres[name], hits, self._is_first(name, hits)))
        return sorted(groups, key=lambda group: not group.is_first)

    def _is_first(self, name: str, hits: list[Hit]) -> bool:
        """Whether a group stands before the fiches: it has all the words and they don't, or the question names the group or one of its
        results, or asks for a meaning, which pages tell."""
        asked = _letters(self.q)
        words, of_fiches = self.words, self.fiches.words
        return bool(
            (words and of_fiches and of_fiches.elargi and not words.elargi)
            or (words and name == "pages" and words.query.asks_meaning)
            or stems(str(GROUPS[name]))[0] in asked
            or any(set() < _letters(strip_tags(hit.titre)) <= asked for hit in hits)
        )

    def _slice(self, number: int) -> slice:
        """The slice of the requested page among ``number`` hits. A page past the end gives the last one, and an error."""
        self.pages = Paginator(range(number), self.par_page)
        if self.page > self.pages.num_pages:
            self.errors["page"] = _("There is no page %(page)s: the last one is shown.") % {"page": self.page}
            self.page = self.pages.num_pages
        return slice((self.page - 1) * self.par_page, self.page * self.par_page)

    def _hits(self, keys: set[int]) -> dict[int, Hit | None]:
        """``{key of a row: its hit, None without a URL}``. Two queries."""
        rows = Publication.objects.in_bulk(keys)
        pages = Page.objects.in_bulk([row.object_id for row in rows.values()])
        return {key: self._hit(row, pages.get(row.object_id)) for key, row in rows.items()}

    def _hit(self, row: Any, page: Page | None) -> Hit | None:
        address = page and page.get_url(self.request)
        if not page or not address or not self.words:
            return None
        language = content_language.language_of(page)
        other_language = "" if language == content_language.active_language() else language
        title, extract = highlight(row.title, self.words.marked), snippet(row.text, self.words.marked)
        return Hit(title, address, extract, other_language, row.object_id, page.full_url)


def _letters(text: str) -> set[str]:
    """The stems of ``text``, without numbers."""
    return set(filter(str.isalpha, stems(text)))
