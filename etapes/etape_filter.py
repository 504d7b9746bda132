"""Query string filters of the étapes, shared by the API, the feeds and the calendar."""

from collections.abc import Iterator
from datetime import datetime
from functools import cached_property
from typing import Any, Self
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from etapes.models import EtapePage
from etapes.querysets import EtapeQuerySet
from fiches.formats import day, thousands
from fiches.models import Edition, Partenaire, Publication
from fiches.models.location import Point
from fiches.models.partenaire import name_with_acronym
from fiches.query import summary
from fiches.query.fiche_filter import ParsedQuery, box_around
from fiches.query.word_search import Words
from fiches.territoire.territory import territory

FILTERS = (
    *("q", "departement", "commune", "quand", "du", "au", "edition", "partenaire"),
    *("bbox", "autour", "rayon", "depuis"),
)
UPCOMING, PAST = "a-venir", "passees"


class EtapeFilter(ParsedQuery):
    """Parsed filters on étapes. As for fiches: values of one parameter are ORed, parameters are ANDed.

    ``errors``: ``{parameter: message}``.
    """

    single: tuple[str, ...] = ("du", "au", "bbox", "autour", "rayon", "depuis")

    # ``[(name, value)]`` of the filters in the query, as they were typed.
    asked: list[tuple[str, str]]

    def __init__(self) -> None:
        super().__init__()
        self.du = self.au = None

    @classmethod
    def parse(cls, query: Any) -> "Self":
        """Parses a ``QueryDict``, or anything with ``lists()``. Raises nothing: see ``errors``."""
        self = cls()
        self.read_all(query)
        self.asked = [
            (name, value)
            for name, values in query.lists()
            if name in FILTERS and (name != "rayon" or self.autour)
            for value in values
            if value
        ]
        return self

    def check_together(self) -> None:
        super().check_together()
        if self.du and self.au and self.au < self.du:
            self.au = None
            self.refuse("au", _("This day comes before the first one: choose a later day."))

    def known(self, name: Any) -> Any:
        if name == "departement":
            return territory().names
        if name == "quand":
            return {UPCOMING: _("Upcoming étapes"), PAST: _("Past étapes")}
        if name == "edition":
            years = map(str, Edition.objects.order_by("-annee").values_list("annee", flat=True))
            return {year: year for year in years}
        if name == "partenaire":
            self.partenaires = {slug: name_with_acronym(nom, sigle) for slug, sigle, nom in _partners()}
            return self.partenaires
        return None

    def narrow(self, etapes: EtapeQuerySet) -> EtapeQuerySet:
        """Filters the queryset ``etapes``; keeps its order."""
        if "departement" in self.choix:
            etapes = etapes.filter(departement__in=self.choix["departement"])
        etapes = self._narrow_dates(etapes)
        if "edition" in self.choix:
            etapes = etapes.filter(edition__annee__in=self.choix["edition"])
        if "partenaire" in self.choix:
            organised = EtapePage.objects.filter(organisations__partenaire__slug__in=self.choix["partenaire"])
            etapes = etapes.filter(pk__in=organised.order_by().values("pk"))
        if self.communes:
            etapes = etapes.filter(commune__in=list(self.communes))
        if self.bbox:
            etapes = _in_box(etapes, *self.bbox)
        if self.autour:
            etapes = etapes.filter(pk__in=self._near(etapes, self.autour))
        if self.depuis:
            etapes = _changed_since(etapes, self.depuis)
        if self.words:
            entries = self.words.visible.filter(self.words.condition)
            etapes = etapes.filter(pk__in=entries.values("object_id"))
        return etapes

    def _narrow_dates(self, etapes: Any) -> Any:
        if len(self.choix.get("quand", ())) == 1:
            etapes = etapes.upcoming() if UPCOMING in self.choix["quand"] else etapes.past()
        if self.du:
            etapes = etapes.filter(date__gte=self.du)
        if self.au:
            etapes = etapes.filter(date__lte=self.au)
        return etapes

    def _near(self, etapes: Any, centre: Point) -> list[int]:
        rows = _in_box(etapes, *box_around(centre, self.rayon)).values_list("pk", "latitude", "longitude")
        return [pk for pk, lat, lon in rows if centre.distance(Point(lat, lon)) <= self.rayon]

    @cached_property
    def words(self) -> Words | None:
        """The full-text search of ``q`` among the étapes."""
        return Words(self.q, Publication.objects.visible().filter(kind="etape")) if self.q else None

    def querystring(self) -> str:
        return urlencode(self.asked)

    def sentence(self, count: int, cancelled: int = 0) -> str:
        """The filters in words: « 3 étapes avec « épicerie », dans le Doubs (et 1 annulée) ».

        :param count: the étapes found, without the ``cancelled`` ones.
        """
        head = ngettext("%(count)s étape", "%(count)s étapes", count) % {"count": thousands(count)}
        if self.q:
            head = f"{head} {_('with “%(words)s”') % {'words': self.q}}"
        whole = ", ".join([head, *self._described()])
        if cancelled:
            apart = ngettext("%(count)s cancelled", "%(count)s cancelled", cancelled) % {"count": thousands(cancelled)}
            return _("%(etapes)s (and %(apart)s)") % {"etapes": whole, "apart": apart}
        return whole

    def _described(self) -> Iterator[str]:
        """Yields a phrase for each filter in force, without the words."""
        if codes := self.choix.get("departement"):
            yield summary.either(map(summary.in_departement, codes))
        if len(self.choix.get("quand", ())) == 1:
            yield _("upcoming") if UPCOMING in self.choix["quand"] else _("before today")
        if self.du:
            yield _("from %(day)s") % {"day": day(self.du)}
        if self.au:
            yield _("until %(day)s") % {"day": day(self.au)}
        if years := self.choix.get("edition"):
            yield _("edition %(years)s") % {"years": summary.either(years)}
        if slugs := self.choix.get("partenaire"):
            names = summary.either(self.partenaires[slug] for slug in slugs)
            yield _("organised by %(names)s") % {"names": names}
        yield from summary.places(self).values()


class PagedEtapeFilter(EtapeFilter):
    """`EtapeFilter` with the parameters of pagination."""

    single = (*EtapeFilter.single, "page", "par_page")


def _partners() -> QuerySet:
    return Partenaire.objects.order_by("nom").values_list("slug", "sigle", "nom")


def _in_box(etapes: EtapeQuerySet, west: float, south: float, east: float, north: float) -> EtapeQuerySet:
    return etapes.filter(longitude__range=(west, east), latitude__range=(south, north))


def _changed_since(etapes: EtapeQuerySet, instant: datetime) -> EtapeQuerySet:
    changed = Publication.objects.visible().filter(kind="etape", changed_at__gte=instant)
    return etapes.filter(pk__in=changed.values("object_id"))
