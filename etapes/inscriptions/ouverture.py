"""What an étape is to the public now, and whether one can register: derived, never stored."""

import datetime
from typing import NamedTuple

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from etapes.enums import Inscriptions, Statut


class Etat(models.TextChoices):
    """What the public is told of an étape."""

    PREVUE = "prevue", _("planned")
    COMPLETE = "complete", _("full")
    REPORTEE = "reportee", _("postponed")
    ANNULEE = "annulee", _("cancelled")
    PASSEE = "passee", _("past")


class Ouverture(models.TextChoices):
    """What the registration desk answers."""

    AUCUNE = "aucune", _("without registration")
    OUVERTE = "ouverte", _("open")
    ATTENTE = "liste_attente", _("full, with a waiting list")
    FERMEE = "fermee", _("closed")


class Guichet(NamedTuple):
    """The desk of an étape. ``restantes`` is None where places are not counted."""

    ouverture: Ouverture
    restantes: int | None
    ferme_le: datetime.datetime | None

    @property
    def ouvert(self):
        """Whether the form is there, be it for the waiting list."""
        return self.ouverture in (Ouverture.OUVERTE, Ouverture.ATTENTE)

    @property
    def attente(self):
        return self.ouverture == Ouverture.ATTENTE

    @property
    def ferme(self):
        return self.ouverture == Ouverture.FERMEE


def state(etape, now=None):
    """An `Etat`: cancelled and postponed first, then past, then full."""
    if etape.annulee:
        return Etat.ANNULEE
    if etape.attend_sa_date:
        return Etat.REPORTEE
    if etape.termine_le < (now or timezone.now()):
        return Etat.PASSEE
    if is_full(etape):
        return Etat.COMPLETE
    return Etat.REPORTEE if etape.reportee else Etat.PREVUE


def desk(etape, now=None):
    """The `Guichet` of ``etape``; costs no query when the étape was read `with_places`."""
    now = now or timezone.now()
    if etape.inscriptions == Inscriptions.AUCUNE:
        return Guichet(Ouverture.AUCUNE, None, None)
    left, closes = places_left(etape), closing(etape)
    if etape.inscriptions == Inscriptions.FERMEES or not etape.a_lieu or now >= closes:
        return Guichet(Ouverture.FERMEE, left, closes)
    return Guichet(Ouverture.ATTENTE if is_full(etape) else Ouverture.OUVERTE, left, closes)


def closing(etape):
    """When registration closes by itself: at the date chosen, at the latest when the étape begins."""
    chosen = etape.inscriptions_jusqu_au
    return min(chosen, etape.commence_le) if chosen else etape.commence_le


def is_full(etape):
    """The organisers say so, or no place is left."""
    return etape.statut == Statut.COMPLETE or (etape.inscriptions != Inscriptions.AUCUNE and places_left(etape) == 0)


def places_left(etape):
    """How many places are left; None where they are not counted."""
    if etape.capacite is None:
        return None
    return max(0, etape.capacite - places_taken(etape))


def places_taken(etape):
    if etape.pk is None:  # a new étape, previewed before it is saved
        return 0
    known = getattr(etape, "prises", None)
    return etape.inscrits.confirmed().count() if known is None else known
