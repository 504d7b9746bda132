"""Report on the reach of the embeds over a period: overall, for a partner or for a funder. Holds no personal data."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import Count, Max, Min, QuerySet, Sum, Value
from django.db.models.functions import Concat
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from fiches.diffusion.embeds import embed_named
from fiches.diffusion.embeds.reach_counts import OTHERS, UNKNOWN, owner, partner_hosts
from fiches.diffusion.models import Chargement
from fiches.models import FichePage, Partenaire
from fiches.query.fiche_filter import FicheFilter

# An embed without loads for this time is reported as silent.
SILENT_AFTER = timedelta(days=14)
# An embed without loads for longer than this is no longer reported.
REPORTED_FOR = timedelta(days=365)
# Days with loads that an embed needs to be reported as silent: less was only a test.
MIN_DAYS = 3
MOST_SHOWN = 200
# A longer period (days) is charted by month.
LONGEST_BY_DAY = 92


class Period(NamedTuple):
    """A reporting period: first and last day, both inclusive."""

    du: date
    au: date

    @property
    def by_month(self) -> bool:
        return (self.au - self.du).days >= LONGEST_BY_DAY


class EmbeddingSite(NamedTuple):
    """A site that shows embeds: its host, its partner if known, its loads, its number of embeds, first and last day."""

    hote: str
    partenaire: Partenaire | None
    nombre: int
    integrations: int
    depuis: date
    dernier: date

    @property
    def nom(self) -> str:
        return {UNKNOWN: _("site not told"), OTHERS: _("other sites")}.get(self.hote, self.hote)


class Integration(NamedTuple):
    """An embed on a site: its kind, its query, its loads, and the last day it was loaded."""

    hote: str
    nature: str
    question: str
    nombre: int
    dernier: date

    @property
    def libelle(self) -> str:
        """The embed in words: « la liste – 12 innovations dans le Doubs »."""
        return embed_in_words(self.nature, self.question)


def embed_in_words(nature: Any, question: Any) -> str:
    """Returns a kind of embed and its query in words."""
    embed = embed_named(nature)
    if embed is None:
        return nature
    words = FicheFilter.parse(QueryDict(question)).sentence() if embed.filtres and question else question
    return f"{embed.libelle} – {words}" if words else str(embed.libelle)


class ReachReport:
    """The figures of one period. The number of queries doesn't depend on the number of sites.

    :param partenaire: restricts the report to the sites of this partner.
    """

    def __init__(self, period: Period, *, partenaire: Partenaire | None = None) -> None:
        self.period, self.partenaire = period, partenaire
        self.owners = partner_hosts()

    @cached_property
    def loads(self) -> Any:
        loads = Chargement.objects.filter(jour__range=(self.period.du, self.period.au))
        return self._within(loads)

    def _within(self, loads: QuerySet) -> QuerySet:
        """Restricts ``loads`` to the partner's sites, if the report is for a partner."""
        if self.partenaire is None:
            return loads
        hosts = loads.order_by().values_list("hote", flat=True).distinct()
        return loads.filter(hote__in=[host for host in hosts if owner(host, self.owners) == self.partenaire.pk])

    @cached_property
    def partners(self) -> Any:
        return Partenaire.objects.in_bulk(set(self.owners.values()))

    @cached_property
    def sites(self) -> list[EmbeddingSite]:
        """``[EmbeddingSite]``, those with the most loads first."""
        rows = self.loads.values("hote").annotate(
            nombre=Sum("nombre"),
            depuis=Min("jour"),
            dernier=Max("jour"),
            integrations=Count(Concat("nature", Value("?"), "question"), distinct=True),
        )
        sites = [EmbeddingSite(partenaire=self.partners.get(owner(row["hote"], self.owners)), **row) for row in rows]
        return sorted(sites, key=lambda site: (-site.nombre, site.hote))

    @cached_property
    def integrations(self) -> list[Integration]:
        """``[Integration]``, those with the most loads first."""
        rows = self.loads.values("hote", "nature", "question").annotate(nombre=Sum("nombre"), dernier=Max("jour"))
        return [Integration(**row) for row in rows.order_by("-nombre", "hote", "nature", "question")[:MOST_SHOWN]]

    @cached_property
    def silencieuses(self) -> list[Integration]:
        """``[Integration]`` that were in use and aren't loaded any more (a page was broken or removed), the latest first.

        Does not depend on the period.
        """
        today = timezone.localdate()
        rows = self._within(Chargement.objects.filter(jour__gte=today - REPORTED_FOR))
        rows = rows.exclude(hote__in=(UNKNOWN, OTHERS)).values("hote", "nature", "question")
        rows = rows.annotate(total=Sum("nombre"), dernier=Max("jour"), jours=Count("jour", distinct=True))
        rows = rows.filter(dernier__lt=today - SILENT_AFTER, jours__gte=MIN_DAYS).order_by("-dernier", "hote")
        return [
            Integration(row["hote"], row["nature"], row["question"], row["total"], row["dernier"])
            for row in rows[:MOST_SHOWN]
        ]

    @cached_property
    def total(self) -> int:
        return sum(site.nombre for site in self.sites)

    @cached_property
    def colonnes(self) -> Any:
        """``[(first day, loads)]`` of each day, or of each month of a long period, including those without loads."""
        counts: Counter[Any] = Counter()
        for day, number in self.loads.order_by().values_list("jour").annotate(number=Sum("nombre")):
            counts[day.replace(day=1) if self.period.by_month else day] += number
        return [(day, counts[day]) for day in self._days()]

    def _days(self) -> Iterator[date]:
        day = self.period.du.replace(day=1) if self.period.by_month else self.period.du
        while day <= self.period.au:
            yield day
            day = (day + timedelta(days=32)).replace(day=1) if self.period.by_month else day + timedelta(days=1)

    def fiches_of(self, financeur: Partenaire) -> Any:
        """Returns ``[(fiche, loads)]``: the public fiches of a funder, with the loads of their own embed."""
        alone = self.loads.filter(nature="fiche").order_by().values_list("question").annotate(number=Sum("nombre"))
        counts = dict(alone)
        fiches = FichePage.objects.visible().in_language().filter(financements__partenaire=financeur).distinct()
        pairs = [(fiche, counts.get(fiche.slug, 0)) for fiche in fiches.order_by("title")]
        return sorted(pairs, key=lambda pair: -pair[1])

    def lines(self) -> Iterator[tuple[date | int | str, ...]]:
        """Yields a row per day, site and embed, the oldest first, for the CSV file."""
        rows = self.loads.order_by("jour", "hote", "nature", "question")
        for load in rows.values_list("jour", "hote", "nature", "question", "nombre").iterator():
            partner = self.partners.get(owner(load[1], self.owners))
            yield (*load[:2], partner.nom if partner else "", *load[2:])
