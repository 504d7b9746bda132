"""The road: the étapes of one edition in order, and the rally's position among them."""

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from django.utils import timezone

if TYPE_CHECKING:
    from etapes.models import EtapePage


class Position(NamedTuple):
    """The rally's position: at the étape ``sur``, or else after ``apres`` (None before the first) and before ``avant``."""

    apres: "EtapePage | None"
    avant: "EtapePage | None"
    sur: "EtapePage | None"

    @property
    def reperes(self) -> "list[EtapePage]":
        """The étapes around the position: one if the rally has not left or is at an étape, else two."""
        if self.sur:
            return [self.sur]
        return [etape for etape in (self.apres, self.avant) if etape]


class Route(NamedTuple):
    """One edition's road. ``etapes``: those that take place, in order, then those without a date; ``a_part``: those cancelled or
    postponed without a new date; ``ici``: the rally's position, None once no date is ahead."""

    nom: str
    annee: int
    etapes: list
    a_part: list
    ici: Position | None

    @property
    def annees(self) -> str:
        """« 2026 », or « 2026-2027 » for a road that continues in the next year."""
        years = sorted({self.annee, *(etape.date.year for etape in self.etapes if etape.date)})
        return "-".join(map(str, dict.fromkeys((years[0], years[-1]))))

    @property
    def parcourue(self) -> bool:
        """Whether the road is over."""
        return bool(self.etapes) and not self.restantes and not any(etape.attend_sa_date for etape in self.a_part)

    @property
    def restantes(self) -> int:
        """The number of étapes still ahead."""
        return sum(not etape.passee for etape in self.etapes)


def routes(etapes: "list[EtapePage]", now: datetime | None = None) -> list[Route]:
    """Groups étapes into a ``Route`` per edition, the latest first. An étape without an edition counts by its year; without a
    date either, it is on the latest road, this year's at the earliest."""
    groups: dict[int, list[EtapePage]] = {}
    years = [_year(etape) for etape in etapes]
    latest = max([timezone.localdate(now).year, *filter(None, years)])
    for etape, year in zip(etapes, years, strict=True):
        groups.setdefault(year or latest, []).append(etape)
    return [_route(year, groups[year], now or timezone.now()) for year in sorted(groups, reverse=True)]


def _year(etape: "EtapePage") -> int | None:
    if etape.edition:
        return etape.edition.annee
    return etape.date.year if etape.date else None


def current_route(roads: list[Route]) -> Route | None:
    """The current road of ``roads`` (latest first): the earliest that is not over, else the latest; None without roads."""
    ahead = [route for route in roads if route.ici or any(etape.sans_date for etape in route.etapes)]
    return ahead[-1] if ahead else next(iter(roads), None)


def _route(year: int, etapes: "list[EtapePage]", now: datetime) -> Route:
    edition = next((etape.edition for etape in etapes if etape.edition), None)
    on_it = [etape for etape in etapes if etape.sur_la_route]
    apart = [etape for etape in etapes if not etape.sur_la_route]
    return Route(edition.nom if edition else "", year, on_it, apart, position(on_it, now))


def position(etapes: "list[EtapePage]", now: datetime | None = None) -> Position | None:
    """The rally's ``Position`` among the étapes with a date, in order; None if there are none or all are over."""
    now = now or timezone.now()
    past = [etape for etape in etapes if etape.termine_le and etape.termine_le < now]
    ahead = [etape for etape in etapes if etape.termine_le and etape.termine_le >= now]
    if not ahead:
        return None
    first = ahead[0]
    return Position(
        past[-1] if past else None, first, first if first.commence_le and first.commence_le <= now else None
    )
