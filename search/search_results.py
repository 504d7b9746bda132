"""Results of the site-wide search: fiches by all filters, the other groups by words only."""

from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Case, Exists, F, OuterRef, QuerySet, Value, When
from django.http import HttpRequest, QueryDict
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Page

from etapes.enums import StatutEtape
from etapes.models import EtapePage
from fiches import content_language, content_site
from fiches.models import Publication
from fiches.models.publications import KINDS, PAGE
from fiches.pages.cards import cards
from fiches.publications.text_analysis import stems
from fiches.query import parsers
from fiches.query.fiche_filter import FicheFilter
from fiches.query.snippets import highlight, snippet
from fiches.query.word_search import LATEST, NAMES, Words
from search.site_actions import SiteAction, actions_for

# Hits shown per group before one is chosen.
FICHES = 5
EACH = 5
# Themes offered to who finds nothing, and how like the words their names are, from 0 to 1.
THEMES, LEAST_LIKE = 3, 0.5
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
    def matches(self) -> dict[str, list[tuple[int, int]]]:
        """Returns ``{group: [(key of a row, its rank)]}`` for the groups besides the fiches that have hits. Those in the active language
        come first; of equally relevant étapes, the next one, and the cancelled ones last."""
        if not self.words:
            return {}
        own = Case(When(language=content_language.active_language(), then=0), default=1)
        etape = EtapePage.objects.filter(pk=OuterRef("object_id"))
        is_cancelled, is_ahead = (
            Exists(etape.filter(statut=StatutEtape.ANNULEE)),
            Exists(etape.filter(termine_le__gte=self.fiches.now)),
        )
        moment = Case(
            When(is_cancelled, then=3), When(is_ahead, then=0), When(Exists(etape.upcoming()), then=1), default=2
        )
        soonest = Case(When(is_ahead, then=F("date")), default=None)
        order = [own, *self.words.order[:2], moment, soonest, *LATEST]
        rows = others(self.fiches.now).filter(self.words.condition).order_by(*order)
        matches: dict[str, list[tuple[int, int]]] = {}
        for group, key, rank in rows.values_list("group", "pk", self.words.rank):
            matches.setdefault(group, []).append((key, rank))
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

    @cached_property
    def themes(self) -> list[tuple[str, str]]:
        """The themes whose names are the nearest to the words: ``[(name, query string of the list)]``."""
        known = [(name, facet) for name, facet in self.fiches.facettes.items() if facet.several]
        addresses = {
            str(label): urlencode({name: value}) for name, facet in known for value, label in facet.labels.items()
        }
        nearest = get_close_matches(self.q, addresses, THEMES, LEAST_LIKE)
        return [(label, addresses[label]) for label in nearest]

    def vignettes(self) -> list:
        """The cards of the first fiches; none if one group is shown."""
        return cards(self.fiches, self.request) if self.est_posee and not self.genre else []

    @cached_property
    def groupes(self) -> list[ResultGroup]:
        """The groups that have hits, those that stand before the fiches first."""
        part = self._slice(self.nombres.get(self.genre, 0)) if self.words and self.genre else slice(0, EACH)
        shown = {
            name: [key for key, _rank in rows[part]] for name, rows in self.matches.items() if self.genre in ("", name)
        }
        found = self._hits({key for keys in shown.values() for key in keys})
        groups = []
        for name, label in GROUPS.items():
            if name in shown:
                hits = [hit for key in shown[name] if (hit := found.get(key))]
                groups.append(ResultGroup(name, str(label), self.nombres[name], hits, self._is_first(name, hits)))
        return sorted(groups, key=lambda group: not group.is_first)

    def _is_first(self, name: str, hits: list[Hit]) -> bool:
        """Whether a group stands before the fiches: it has all the words and they don't, or has them in a title or names and they only
        in a text; or the question names the group or one of its results, or asks for a meaning, which pages tell."""
        asked = _letters(self.q)
        words, of_fiches = self.words, self.fiches.words
        return bool(
            (words and of_fiches and of_fiches.elargi and not words.elargi)
            or (of_fiches and not of_fiches.elargi and self._is_more_prominent(of_fiches, self.matches[name][0][1]))
            or (words and name == "pages" and words.query.asks_meaning)
            or stems(str(GROUPS[name]))[0] in asked
            or any(set() < _letters(strip_tags(hit.titre)) <= asked for hit in hits)
        )

    def _is_more_prominent(self, of_fiches: Words, rank: int) -> bool:
        return 0 < rank <= NAMES and not of_fiches.has(self.fiches.rows(), rank)

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
