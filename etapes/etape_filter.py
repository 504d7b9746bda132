"""Query string filters of the étapes, shared by the API, the feeds and the calendar."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Self
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from etapes.models import EtapePage
from etapes.querysets import EtapeQuerySet
from fiches.formats import thousands
from fiches.models import Edition, Partenaire, Publication
from fiches.models.coordinates import Point
from fiches.publications.text_analysis import read_query
from fiches.publications.words import Expression
from fiches.query import summary
from fiches.query.fiche_filter import Question, box_around
from fiches.territoire.territory import territory

FILTERS = ("q", "departement", "commune", "edition", "partenaire", "bbox", "autour", "rayon", "depuis")


class EtapeFilter(Question):
    """Parsed filters on étapes. As for fiches: values of one parameter are ORed, parameters are ANDed.

    ``errors``: ``{parameter: message}``.
    """

    single: tuple[str, ...] = ("bbox", "autour", "rayon", "depuis")

    # ``[(name, value)]`` of the filters in the query, as they were typed.
    asked: list[tuple[str, str]]

    @classmethod
    def parse(cls, query: Any) -> "Self":
        """Parses a ``QueryDict``, or anything with ``lists()``. Raises nothing: see ``errors``."""
        self = cls()
        self._read_all(query)
        self.asked = [(name, value) for name, values in query.lists() if name in FILTERS for value in values]
        return self

    def known(self, name: Any) -> Any:
        if name == "departement":
            return territory().names
        if name == "edition":
            years = map(str, Edition.objects.order_by("-annee").values_list("annee", flat=True))
            return {year: year for year in years}
        if name == "partenaire":
            self.partenaires = {slug: sigle or nom for slug, sigle, nom in _partners()}
            return self.partenaires
        return None

    def narrow(self, etapes: EtapeQuerySet) -> EtapeQuerySet:
        """Filters the queryset ``etapes``; keeps its order."""
        if "departement" in self.choix:
            etapes = etapes.filter(departement__in=self.choix["departement"])
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
            etapes = etapes.filter(pk__in=self._near(etapes))
        if self.depuis:
            etapes = _changed_since(etapes, self.depuis)
        if self.q:
            etapes = etapes.filter(pk__in=self._matching_text())
        return etapes

    def _near(self, etapes: Any) -> list[int]:
        rows = _in_box(etapes, *box_around(self.autour, self.rayon)).values_list("pk", "latitude", "longitude")
        centre = Point(*self.autour)
        return [pk for pk, lat, lon in rows if centre.distance(Point(lat, lon)) <= self.rayon]

    def _matching_text(self) -> QuerySet:
        """Subquery of the pks of the étapes that have all words of ``q`` in the register."""
        words = Expression([[(root,)] for root in read_query(self.q).stems])
        return Publication.objects.visible().filter(kind="etape", pk__in=words.rows()).values("object_id")

    def querystring(self) -> str:
        return urlencode(self.asked)

    def sentence(self, count: int) -> str:
        """The filters in words: « 3 étapes avec « épicerie », dans le Doubs »."""
        head = ngettext("%(count)s étape", "%(count)s étapes", count) % {"count": thousands(count)}
        if self.q:
            head = f"{head} {_('with “%(words)s”') % {'words': self.q}}"
        return ", ".join([head, *self._described()])

    def _described(self) -> Iterator[str]:
        if codes := self.choix.get("departement"):
            yield summary.either(map(summary.in_departement, codes))
        if years := self.choix.get("edition"):
            yield _("edition %(years)s") % {"years": summary.either(years)}
        if slugs := self.choix.get("partenaire"):
            yield _("organised by %(names)s") % {"names": summary.either(self.partenaires[slug] for slug in slugs)}
        if self.communes:
            yield _("in %(places)s") % {"places": summary.either(self.communes.values())}
        if self.bbox:
            yield _("in this part of the map")
        if self.autour:
            yield summary.around(self)
        if self.depuis:
            yield summary.since(self.depuis)


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
