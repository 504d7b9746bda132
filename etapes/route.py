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
    """One edition's road."""

    nom: str
    annee: int
    etapes: list
    ici: Position | None

    @property
    def parcourue(self):
        return all(etape.passee for etape in self.etapes)

    @property
    def restantes(self):
        """How many étapes are still ahead, those that won't take place left out."""
        return sum(etape.a_lieu and not etape.passee for etape in self.etapes)


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
    return Route(named.nom if named else "", year, etapes, position(etapes, now))


def position(etapes, now=None):
    """Where the rally is among étapes in order; None once all that take place are past, or when none does."""
    now = now or timezone.now()
    held = [etape for etape in etapes if etape.a_lieu]
    past = [etape for etape in held if etape.termine_le < now]
    ahead = [etape for etape in held if etape.termine_le >= now]
    if not ahead:
        return None
    first = ahead[0]
    return Position(past[-1] if past else None, first, first if first.commence_le <= now else None)
