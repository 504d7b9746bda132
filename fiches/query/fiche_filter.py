"""The parser of the query language (DESIGN 5), used by the pages, the map, the API, the feeds, the exports and the embeds."""

from datetime import datetime
from functools import cached_property
from math import cos, radians
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db.models import Count, Func, Q, QuerySet, Value
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from fiches import content_language
from fiches.models import Publication
from fiches.models.location import Point, plain_number
from fiches.publications.counts import ALL, LOCATED, numbers, places
from fiches.publications.text_analysis import read_query
from fiches.query import parsers
from fiches.query.facets import CONDITIONS, facets, known_facets
from fiches.query.snippets import snippet
from fiches.query.summary import sentence
from fiches.query.word_search import LATEST, Words

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from fiches.query.facets import Facet


PLACE = ("latitude", "longitude")
SINGLE = ("bbox", "autour", "rayon", "depuis", "tri", "page", "par_page")


class Bytewise(Func):
    """Sorts a folded text by code points, whatever the collation of the database."""

    template = "%(expressions)s"

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template='%(expressions)s COLLATE "C"', **context)


class ParsedQuery:
    """A parsed query, without results: the base class of :class:`FicheFilter`. ``errors`` is ``{parameter: message}`` of what
    could not be read."""

    single: tuple[str, ...] = SINGLE

    def __init__(self) -> None:
        self.errors: dict[str, str] = {}
        self.q = ""
        self.choix: dict[str, list[str]] = {}
        self.communes: dict[str, str] = {}
        self.bbox: tuple[float, float, float, float] | None = None
        self.autour: Point | None = None
        # The commune that ``autour`` names, as it was typed; "" if it has coordinates.
        self.lieu = ""
        self.depuis: datetime | None = None
        self.rayon = parsers.RAYON
        self.tri = ""
        self.page = 1
        self.par_page = parsers.PAR_PAGE

    def known(self, name: str) -> "dict[str, StrOrPromise] | None":
        """``{value: label}`` of a parameter with a list of values; None for any other."""
        raise NotImplementedError

    def read_all(self, query: QueryDict) -> None:
        """Reads all parameters; notes what is wrong with them in ``errors``."""
        for name, values in query.lists():
            try:
                texts = parsers.cleaned_values(values)
            except ValueError as error:
                self.refuse(parsers.shown(name), str(error))
                continue
            if texts:
                self._read(name, texts[: parsers.MOST_VALUES])
            if len(texts) > parsers.MOST_VALUES:
                most = {"most": parsers.MOST_VALUES}
                self.refuse(parsers.shown(name), _("Too many values: only the first %(most)s count.") % most)
        self.check_together()

    def _read(self, name: Any, texts: list[str]) -> None:
        if name == "q":
            self._read_words(" ".join(texts))
        elif name in self.single:
            self._read_single(name, texts[-1], is_repeated=len(texts) > 1)
        elif name == "commune":
            self.communes, message = parsers.communes(texts)
            self.refuse(name, message)
        elif (known := self.known(name)) is not None:
            values, message = parsers.choices(texts, known)
            self.refuse(name, message)
            if values:
                self.choix[name] = values
        elif not self._read_more(name, texts) and not parsers.is_ignored(name):
            self.refuse(parsers.shown(name), _("There is no such filter."))

    def _read_more(self, name: str, texts: list[str]) -> bool:
        """Reads a parameter that only a subclass has; returns whether it has one of this name."""
        return False

    def _read_words(self, text: str) -> None:
        query = read_query(text)
        self.q = query.text
        if query.words and query.is_cut:
            self.q = " ".join(query.words)
            self.refuse("q", _("That is a lot of words: only the first ones were looked for."))
        elif not query.words:
            self.q = ""
            self.refuse("q", _("There is no word to look for in “%(text)s”.") % {"text": parsers.shown(text)})

    def _read_single(self, name: str, text: str, *, is_repeated: bool) -> None:
        try:
            setattr(self, name, getattr(parsers, name)(text))
        except ValueError as error:
            self.refuse(name, str(error))
        else:
            if name == "rayon":
                self._has_radius = True
            elif name == "autour" and parsers.is_a_name(text):
                self.lieu = text
            if is_repeated:
                self.refuse(name, parsers.repeated(text))

    _has_radius = False

    def check_together(self) -> None:
        """Checks the parameters against one another, once all are read. Subclasses add their own checks."""
        if self.tri == "distance" and not self.autour:
            self.tri = ""
            self.refuse("tri", _("To sort by distance, say from where (autour)."))
        if self._has_radius and self.rayon != parsers.RAYON and not self.autour and "autour" not in self.errors:
            self.refuse("rayon", _("A radius needs a centre (autour)."))

    def refuse(self, name: str, message: str) -> None:
        """Notes what is wrong with a parameter; nothing if ``message`` is empty."""
        if message:
            self.errors[name] = message


class FicheFilter(ParsedQuery):
    """A parsed query and its results.

    >>> fiche_filter = FicheFilter.parse(request.GET)
    >>> fiche_filter.count, fiche_filter.extraits(), fiche_filter.facets(), fiche_filter.sentence()

    It never raises: what can't be read is reported in ``errors`` (``{parameter: message}``), and the rest applies. An API answers
    with an error if ``errors`` isn't empty; a page shows them.
    """

    def __init__(self, langue: str = "") -> None:
        super().__init__()
        self.langue = langue or content_language.active_language()  # the language of the results
        self.conditions: dict[str, tuple[tuple[str, ...], str, list[int]]] = {}
        self.now = timezone.now()

    @classmethod
    def parse(cls, query: QueryDict) -> "FicheFilter":
        """Parses a query.

        :param query: a ``QueryDict``, or any object with ``lists()``.
        """
        langue, message = parsers.langue(query)
        self = cls(langue)
        self.refuse("langue", message)
        with content_language.activated(self.langue):
            self.read_all(query)
        return self

    @cached_property
    def facettes(self) -> "dict[str, Facet]":
        """``{parameter: Facet}`` of the parameters with a list of values."""
        return known_facets(self.langue)

    def known(self, name: str) -> "dict[str, StrOrPromise] | None":
        return self.facettes[name].labels if name in self.facettes else None

    def _read_more(self, name: str, texts: list[str]) -> bool:
        if name not in CONDITIONS:
            return False
        self._read_condition(name, tuple(texts))
        return True

    def _read_condition(self, name: str, values: tuple[str, ...]) -> None:
        try:
            condition = CONDITIONS[name]
            keys = list(condition.find(values))
            self.conditions[name] = (values, condition.describe(values), keys)
        except ValueError as error:
            self.refuse(name, str(error))

    # Results

    @cached_property
    def visible(self) -> QuerySet:
        """The public rows of the register in this language, before any filter."""
        return Publication.objects.visible(self.now).fiches_here(self.langue)

    @cached_property
    def words(self) -> Words | None:
        return Words(self.q, self.visible) if self.q else None

    @property
    def corrige(self) -> str:
        """The corrected words, if the typed ones have no match; else ""."""
        return self.words.corrige if self.words else ""

    @cached_property
    def narrowing(self) -> dict[str, Q]:
        """``{parameter: condition on Publication}`` for each parameter in use."""
        by_parameter = {name: self.facettes[name].having(values) for name, values in self.choix.items()}
        if self.words:
            by_parameter["q"] = self.words.condition
        if self.communes:
            by_parameter["commune"] = Q(commune__in=list(self.communes))
        by_parameter.update({name: Q(object_id__in=keys) for name, (_values, _text, keys) in self.conditions.items()})
        if self.bbox:
            by_parameter["bbox"] = in_box(*self.bbox)
        if self.autour:
            by_parameter["autour"] = Q(pk__in=list(self.distances))
        if self.depuis:
            by_parameter["depuis"] = Q(changed_at__gte=self.depuis)
        return by_parameter

    @cached_property
    def distances(self) -> dict[int, float]:
        """``{key of a row: kilometres}`` of the rows within the radius; none without a centre."""
        centre = self.autour
        if centre is None:
            return {}
        rows = self.visible.filter(in_box(*box_around(centre, self.rayon)))
        measured = ((pk, centre.distance(Point(*place))) for pk, *place in rows.values_list("pk", *PLACE))
        return {pk: km for pk, km in measured if km <= self.rayon}

    def rows(self, *, sans: str | None = None) -> QuerySet:
        """The matching rows of the register, unordered.

        :param sans: a parameter to ignore.
        """
        return self.visible.filter(*(condition for name, condition in self.narrowing.items() if name != sans))

    @cached_property
    def _counts(self) -> dict[str, int]:
        if not self.narrowing:
            return numbers(self.langue)[ALL]
        return self.rows().aggregate(**{ALL: Count("pk"), LOCATED: Count("latitude")})

    @property
    def count(self) -> int:
        return self._counts[ALL]

    @property
    def sans_lieu(self) -> int:
        """The number of results without a location."""
        return self._counts[ALL] - self._counts[LOCATED]

    def places(self) -> list[Point]:
        """The positions of the results, each once; those of all fiches to a hundredth of a degree."""
        if not self.narrowing:
            return places(self.langue)
        read = set(
            self.rows().order_by().values_list(*PLACE)
        )  # for DISTINCT, SQLite would read the fiches of all places
        return [Point(*place) for place in read if None not in place]

    @property
    def ordre(self) -> str:
        """The sort order in force."""
        default = "pertinence" if self.q else "distance" if self.autour else "recent"
        return "recent" if self.tri == "pertinence" and not self.q else self.tri or default

    @property
    def ordered(self) -> QuerySet:
        """The matching rows in order; for the order by distance, :meth:`_rows_of` sorts them in Python."""
        order: Any = LATEST
        if self.ordre == "pertinence" and self.words:
            order = self.words.order
        elif self.ordre == "titre":
            order = (Bytewise("folded_title"), Bytewise("folded_organisation"), *LATEST)
        return self.rows().order_by(*order)

    def keys(self, start: int = 0, stop: int | None = None) -> list[int]:
        """The keys of the matching fiches in order, as a slice from ``start`` to ``stop``."""
        return [key for (key,) in self._rows_of("object_id", start=start, stop=stop)]

    def _rows_of(self, *columns: Any, start: int, stop: int | None) -> list[Any]:
        """These columns of the matching rows, in order, as a slice from ``start`` to ``stop``."""
        if self.ordre == "distance":
            rows = sorted(self.ordered.values_list("pk", *columns), key=lambda row: self.distances[row[0]])
            return [row[1:] for row in rows[start:stop]]
        if self.ordre != "pertinence" or self.words is None or stop is None:
            return list(self.ordered.values_list(*columns)[start:stop])
        keys = self.words.ranked(self.rows(), stop)[start:]
        found = {row[0]: row[1:] for row in self.visible.filter(pk__in=keys).values_list("pk", *columns)}
        return [found[key] for key in keys if key in found]

    @cached_property
    def ids(self) -> list[int]:
        """The keys of all matching fiches, in order."""
        return self.keys()

    # Pages of results

    @property
    def pages(self) -> int:
        return max(1, -(-self.count // self.par_page))

    @property
    def page_ids(self) -> list[int]:
        """The keys of the fiches on the requested page. For a page past the end, those of the last page, with an error."""
        return [key for key, _text in self._page_rows]

    @cached_property
    def _page_rows(self) -> Any:
        """``[(key of a fiche, text for the snippet or "")]`` of the requested page."""
        if self.page > self.pages:
            self.refuse("page", _("There is no page %(page)s: the last one is shown.") % {"page": self.page})
            self.page = self.pages
        start = (self.page - 1) * self.par_page
        return self._rows_of("object_id", "text" if self.q else Value(""), start=start, stop=start + self.par_page)

    def extraits(self) -> dict[int, str]:
        """``{key of a fiche: snippet}`` of the requested page; empty if no words were searched."""
        if self.words is None:
            return {}
        return {key: snippet(text, self.words.marked) for key, text in self._page_rows}

    # The query as parameters

    def parameters(self) -> list[tuple[str, str]]:
        """``[(name, value)]`` in canonical order, without defaults: equivalent queries give the same address."""
        pairs = [("q", self.q)] if self.q else []
        if self.langue != content_language.active_language():
            pairs.append(("langue", self.langue))
        for name in self.facettes:
            pairs += [(name, value) for value in self.choix.get(name, ())]
        pairs += [("commune", code) for code in sorted(self.communes)]
        for name in sorted(self.conditions):
            pairs += [(name, value) for value in self.conditions[name][0]]
        if self.bbox:
            pairs.append(("bbox", ",".join(plain_number(degrees) for degrees in self.bbox)))
        if self.autour:
            centre = self.lieu or f"{plain_number(self.autour.lat)},{plain_number(self.autour.lon)}"
            pairs += [("autour", centre), ("rayon", plain_number(self.rayon))]
        if self.depuis:
            pairs.append(("depuis", self.depuis.isoformat()))
        if self.tri and self.tri != self.ordre_par_defaut:
            pairs.append(("tri", self.tri))
        if self.par_page != parsers.PAR_PAGE:
            pairs.append(("par_page", str(self.par_page)))
        if self.page > 1:
            pairs.append(("page", str(self.page)))
        return pairs

    @property
    def hors_formulaire(self) -> list[Any]:
        """``[(name, value)]`` of the parameters for which the filter form has no visible field: place, date, page size."""
        shown = {"q", "tri", "page", *self.facettes, "prime"}
        return [(name, value) for name, value in self.parameters() if name not in shown]

    @property
    def ordre_par_defaut(self) -> str:
        return "pertinence" if self.q else "distance" if self.autour else "recent"

    def querystring(self, *, sans: tuple[str, ...] = (), **changed: Any) -> str:
        """The canonical query string, without the parameters ``sans`` and with the values ``changed``."""
        pairs = [(name, value) for name, value in self.parameters() if name not in sans and name not in changed]
        return urlencode(pairs + [(name, str(value)) for name, value in changed.items()])

    def without(self, name: str, value: str | None = None) -> str:
        """The query string without the parameter ``name``, or without one value of it, for the first page."""
        left_out = {name, "rayon"} if name == "autour" else {name}
        return urlencode(
            [
                (known, held)
                for known, held in self.parameters()
                if known != "page" and not (known in left_out and value in (None, held))
            ]
        )

    def facets(self) -> list[Any]:
        return facets(self)

    def sentence(self) -> str:
        return sentence(self)


def box_around(point: Any, radius: float) -> tuple[float, float, float, float]:
    """``(west, south, east, north)`` in degrees of a box that contains the circle.

    :param radius: in kilometres.
    """
    north_south = radius / 110.5
    east_west = radius / max(0.1, 110.5 * cos(radians(min(89.0, abs(point.lat) + north_south))))
    return point.lon - east_west, point.lat - north_south, point.lon + east_west, point.lat + north_south


def in_box(west: float, south: float, east: float, north: float) -> Q:
    """The condition on rows located in a bounding box, in degrees, edges included."""
    return Q(latitude__range=(south, north), longitude__range=(west, east))
