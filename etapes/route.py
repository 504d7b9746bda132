"""The road: the étapes of one edition in order, and where the rally is on it now."""

from typing import NamedTuple

from django.utils import timezone


class Position(NamedTuple):
    """« Nous sommes ici »: at the étape ``sur``, else after ``apres`` and before ``avant``; the first has none before it."""

    apres: object | None
    avant: object
    sur: object | None

    @property
    def reperes(self):
        """The étapes between which the rally is; one alone where it hasn't left, or has stopped."""
        if self.sur:
            return [self.sur]
        return [etape for etape in (self.apres, self.avant) if etape]


class Route(NamedTuple):
    """One edition's road: the étapes that go ahead, in order; ``a_part``, those cancelled or without their new date."""

    nom: str
    annee: int
    etapes: list
    a_part: list
    ici: Position | None

    @property
    def annees(self):
        """« 2026 », or « 2026-2027 » for a road that goes on in the next year."""
        years = sorted({self.annee, *(etape.date.year for etape in self.etapes)})
        return "-".join(map(str, dict.fromkeys((years[0], years[-1]))))

    @property
    def parcourue(self):
        return bool(self.etapes) and not self.restantes and not any(etape.attend_sa_date for etape in self.a_part)

    @property
    def restantes(self):
        """How many étapes are still ahead."""
        return sum(not etape.passee for etape in self.etapes)


def routes(etapes, now=None):
    """``[Route]``, the latest edition first: years are not one road. An étape of no edition goes with its year's."""
    groups = {}
    for etape in etapes:
        groups.setdefault(etape.edition.annee if etape.edition else etape.date.year, []).append(etape)
    return [_route(year, groups[year], now or timezone.now()) for year in sorted(groups, reverse=True)]


def current(found):
    """The road that the rally is on, or was last on: the first whose étapes are not all past, else the latest."""
    ahead = [route for route in found if route.ici]
    return ahead[-1] if ahead else next(iter(found), None)


def _route(year, etapes, now):
    named = next((etape.edition for etape in etapes if etape.edition), None)
    held = [etape for etape in etapes if etape.a_lieu]
    apart = [etape for etape in etapes if not etape.a_lieu]
    return Route(named.nom if named else "", year, held, apart, position(held, now))


def position(etapes, now=None):
    """Where the rally is among étapes that go ahead, in order; None once all are past, or when there is none."""
    now = now or timezone.now()
    past = [etape for etape in etapes if etape.termine_le < now]
    ahead = [etape for etape in etapes if etape.termine_le >= now]
    if not ahead:
        return None
    first = ahead[0]
    return Position(past[-1] if past else None, first, first if first.commence_le <= now else None)
