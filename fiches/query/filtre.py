"""The query language (DESIGN 5), read once for the pages, the map, the API, the feeds, the exports and the embeds."""

from functools import cached_property
from urllib.parse import urlencode

from django.db.models import Count, Q, Value
from django.utils import timezone
from django.utils.translation import gettext as _

from fiches import langues
from fiches.models import FichePage, Publication
from fiches.models.coordonnees import Point, plain
from fiches.publications.tokens import read_query
from fiches.publications.version import Reach, memoize_each
from fiches.query import parametres
from fiches.query.conditions import conditions
from fiches.query.expressions import PLACE, Bytewise, among, in_box
from fiches.query.extraits import snippet
from fiches.query.facettes import known_facets
from fiches.query.mots import LATEST, Words

# Questions of which a process keeps the counts: some two megabytes.
MOST_QUESTIONS = 200
SINGLE = ("bbox", "autour", "rayon", "depuis", "tri", "page", "par_page")


class Question:
    """What was asked in the query language, and what could not be read (``errors``: parameter → message), whatever answers it."""

    single = SINGLE

    def __init__(self):
        self.errors = {}
        self.q = ""
        self.choix = {}
        self.communes = {}
        self.bbox = self.autour = self.depuis = None
        self.rayon = parametres.RAYON
        self.tri = ""
        self.page = 1
        self.par_page = parametres.PAR_PAGE

    def known(self, name):
        """``{value: words}`` of a parameter whose values are known; ``None`` of any other."""
        raise NotImplementedError

    def _read_all(self, query):
        for name, values in query.lists():
            texts = list(dict.fromkeys(filter(None, map(parametres.clean, values))))
            if texts:
                self._read(name, texts[: parametres.MOST_VALUES])
            if len(texts) > parametres.MOST_VALUES:
                most = {"most": parametres.MOST_VALUES}
                self._refuse(parametres.shown(name), _("Too many values: only the first %(most)s count.") % most)
        self._check_together()

    def _read(self, name, texts):
        if name == "q":
            self._read_words(" ".join(texts))
        elif name in self.single:
            self._read_single(name, texts[-1], is_repeated=len(texts) > 1)
        elif name == "commune":
            self.communes, message = parametres.communes(texts)
            self._refuse(name, message)
        elif (known := self.known(name)) is not None:
            values, message = parametres.choices(texts, known)
            self._refuse(name, message)
            if values:
                self.choix[name] = values
        elif not self._read_more(name, texts) and not parametres.IGNORED.fullmatch(name):
            self._refuse(parametres.shown(name), _("There is no such filter."))

    def _read_more(self, name, texts):
        """Reads a parameter of its own; false where there is no such one."""
        return False

    def _read_words(self, text):
        query = read_query(text)
        self.q = query.text
        if query.words and query.is_cut:
            self._refuse("q", _("That is a lot of words: only the first ones were looked for."))
        elif not query.words:
            self.q = ""
            self._refuse("q", _("There is no word to look for in “%(text)s”.") % {"text": parametres.shown(text)})

    def _read_single(self, name, text, *, is_repeated):
        try:
            setattr(self, name, getattr(parametres, name)(text))
        except ValueError as error:
            self._refuse(name, str(error))
        else:
            if name == "rayon":
                self._has_radius = True
            if is_repeated:
                self._refuse(name, parametres.repeated(text))

    _has_radius = False

    def _check_together(self):
        if self.tri == "distance" and not self.autour:
            self.tri = ""
            self._refuse("tri", _("To sort by distance, say from where (autour)."))
        if self._has_radius and self.rayon != parametres.RAYON and not self.autour and "autour" not in self.errors:
            self._refuse("rayon", _("A radius needs a centre (autour)."))

    def _refuse(self, name, message):
        if message:
            self.errors[name] = message


class FicheFilter(Question):
    """What was asked, what could not be read (``errors``: parameter → message), and the fiches that answer.

    >>> found = FicheFilter.parse(request.GET)
    >>> found.count, found.extraits(), found.facets(), found.sentence()

    Nothing raises, whatever the query: what can't be read is told in ``errors`` and the rest applies. An API refuses
    when ``errors`` isn't empty; a page shows them.
    """

    def __init__(self, langue=""):
        super().__init__()
        self.langue = langue or langues.current()  # that of the fiches that answer
        self.conditions = {}
        self.now = timezone.now()

    @classmethod
    def parse(cls, query):
        """:param query: a ``QueryDict``, or anything with ``lists()``."""
        langue, message = parametres.langue(query)
        self = cls(langue)
        self._refuse("langue", message)
        with langues.reading(self.langue):
            self._read_all(query)
        return self

    @cached_property
    def facettes(self):
        """``{parameter: Facet}`` of those whose values are known."""
        return known_facets(self.langue)

    def known(self, name):
        return self.facettes[name].labels if name in self.facettes else None

    def _read_more(self, name, texts):
        if name not in conditions():
            return False
        self._read_condition(name, tuple(texts))
        return True

    def _read_condition(self, name, values):
        try:
            condition = conditions()[name]
            keys = list(condition.find(values))
            self.conditions[name] = (values, condition.describe(values), keys)
        except ValueError as error:
            self._refuse(name, str(error))

    # What answers

    @cached_property
    def visible(self):
        """The rows of the register from which answers are taken."""
        return Publication.objects.visible(self.now).in_language(self.langue).filter(kind="fiche")

    @cached_property
    def words(self):
        return Words(self.q, self.visible) if self.q else None

    @cached_property
    def narrowing(self):
        """``{parameter: condition on Publication}`` for each parameter in use."""
        found = {name: self.facettes[name].having(values) for name, values in self.choix.items()}
        if self.words:
            found["q"] = self.words.condition
        if self.communes:
            found["commune"] = Q(commune__in=list(self.communes))
        found.update({name: Q(object_id__in=keys) for name, (_values, _text, keys) in self.conditions.items()})
        if self.bbox:
            found["bbox"] = in_box(*self.bbox)
        if self.autour:
            found["autour"] = Q(pk__in=among(self.distances))
        if self.depuis:
            found["depuis"] = Q(changed_at__gte=self.depuis)
        return found

    @cached_property
    def distances(self):
        """``{key of a row: km}`` of those within the radius."""
        rows = self.visible.filter(in_box(*box_around(self.autour, self.rayon)))
        measured = ((pk, self.autour.distance(Point(*place))) for pk, *place in rows.values_list("pk", *PLACE))
        return {pk: km for pk, km in measured if km <= self.rayon}

    def rows(self, *, sans=None):
        """The rows of the register that answer, unordered; or that would, without the parameter ``sans``."""
        return self.visible.filter(*(condition for name, condition in self.narrowing.items() if name != sans))

    def keep(self, name, count):
        """What ``count()`` returns, kept in this process for the question until what is counted of fiches changes: all its pages
        and orders have the same. Not what words and dates find, which changes with less, nor what is narrowed otherwise than by
        the question."""
        if self.q or self.depuis or self.narrowing.keys() - dict(self.parameters()).keys():
            return count()
        asked = self.querystring(sans=("tri", "page", "par_page"))
        return memoize_each((name, langues.current()), asked, count, most=MOST_QUESTIONS, reach=Reach.COUNTS)

    @cached_property
    def _counts(self):
        return self.keep("found", lambda: self.rows().aggregate(all=Count("pk"), located=Count("latitude")))

    @property
    def count(self):
        return self._counts["all"]

    @property
    def sans_lieu(self):
        """How many of them no map shows."""
        return self._counts["all"] - self._counts["located"]

    @property
    def ordre(self):
        """The order in force."""
        default = "pertinence" if self.q else "distance" if self.autour else "recent"
        return "recent" if self.tri == "pertinence" and not self.q else self.tri or default

    @property
    def ordered(self):
        """The rows in order; by distance, those within the radius are few."""
        if self.ordre == "pertinence":
            return self.words.ranked(self.rows())
        if self.ordre == "titre":
            return self.rows().order_by(Bytewise("folded_title"), Bytewise("folded_organisation"), *LATEST)
        return self.rows().order_by(*LATEST)

    def keys(self, start=0, stop=None):
        """The keys of the fiches that answer, in order, from the place ``start`` to the place ``stop``."""
        return [key for (key,) in self._rows_of("object_id")[start:stop]]

    def _rows_of(self, *columns):
        """These columns of the rows that answer, in order: a queryset, or a list where distance orders them."""
        if self.ordre != "distance":
            return self.ordered.values_list(*columns)
        rows = sorted(self.ordered.values_list("pk", *columns), key=lambda row: self.distances[row[0]])
        return [row[1:] for row in rows]

    @cached_property
    def ids(self):
        """The keys of all the fiches that answer, in order."""
        return self.keys()

    # Pages of results

    @property
    def pages(self):
        return max(1, -(-self.count // self.par_page))

    @property
    def page_ids(self):
        """The keys of the fiches of the page asked for; a page past the end is the last one, and an error."""
        return [key for key, _changed_at in self.page_rows]

    @property
    def page_rows(self):
        """``[(key, when its row last changed)]`` of the same."""
        return [(key, changed_at) for key, changed_at, _text in self._page_rows]

    @cached_property
    def _page_rows(self):
        """``[(key, when its row last changed, what a search quotes, or "")]``."""
        if self.page > self.pages:
            self._refuse("page", _("There is no page %(page)s: the last one is shown.") % {"page": self.page})
            self.page = self.pages
        rows = self._rows_of("object_id", "changed_at", "text" if self.q else Value(""))
        return list(rows[(self.page - 1) * self.par_page : self.page * self.par_page])

    def extraits(self):
        """``{key: the passage that has the words}`` of the fiches of the page asked for; empty where no words were."""
        return {key: snippet(text, self.words.stems) for key, _changed_at, text in self._page_rows} if self.q else {}

    def queryset(self):
        """The fiches that answer, unordered, for whoever needs a queryset."""
        return FichePage.objects.visible().filter(pk__in=self.rows().order_by().values("object_id"))

    # The same question, written

    def parameters(self):
        """``[(name, value)]`` in one order: two ways to ask the same give the same address. Defaults are left out."""
        found = [("q", self.q)] if self.q else []
        if self.langue != langues.current():
            found.append(("langue", self.langue))
        for name in self.facettes:
            found += [(name, value) for value in self.choix.get(name, ())]
        found += [("commune", code) for code in sorted(self.communes)]
        for name in sorted(self.conditions):
            found += [(name, value) for value in self.conditions[name][0]]
        if self.bbox:
            found.append(("bbox", ",".join(plain(degrees) for degrees in self.bbox)))
        if self.autour:
            found += [("autour", f"{plain(self.autour.lat)},{plain(self.autour.lon)}"), ("rayon", plain(self.rayon))]
        if self.depuis:
            found.append(("depuis", self.depuis.isoformat()))
        if self.tri and self.tri != self.ordre_par_defaut:
            found.append(("tri", self.tri))
        if self.par_page != parametres.PAR_PAGE:
            found.append(("par_page", str(self.par_page)))
        if self.page > 1:
            found.append(("page", str(self.page)))
        return found

    @property
    def hors_formulaire(self):
        """What a form that shows facets, words and order must carry along: place, date, size of the pages."""
        shown = {"q", "tri", "page", *self.facettes, "prime"}
        return [(name, value) for name, value in self.parameters() if name not in shown]

    @property
    def ordre_par_defaut(self):
        return "pertinence" if self.q else "distance" if self.autour else "recent"

    def querystring(self, *, sans=(), **changed):
        """The canonical address after ``?``; without the parameters ``sans``, with those ``changed``."""
        kept = [(name, value) for name, value in self.parameters() if name not in sans and name not in changed]
        return urlencode(kept + [(name, str(value)) for name, value in changed.items()])

    def without(self, name, value=None):
        """The same question with one filter less, from its first page."""
        left_out = {name, "rayon"} if name == "autour" else {name}
        return urlencode(
            [
                (known, held)
                for known, held in self.parameters()
                if known != "page" and not (known in left_out and value in (None, held))
            ]
        )

    def facets(self):
        from fiches.query.facettes import facets

        return facets(self)

    def sentence(self):
        from fiches.query.phrase import sentence

        return sentence(self)


def box_around(point, radius):
    """A box that surely holds the circle."""
    from math import cos, radians

    north_south = radius / 110.5
    east_west = radius / max(0.1, 110.5 * cos(radians(min(89.0, abs(point.lat) + north_south))))
    return point.lon - east_west, point.lat - north_south, point.lon + east_west, point.lat + north_south
