"""The public state of an étape and of its registration, computed from its fields, never stored."""

import datetime
from typing import TYPE_CHECKING, NamedTuple

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from etapes.enums import Inscriptions, StatutEtape

if TYPE_CHECKING:
    from etapes.models import EtapePage


class EtatDuGuichet(models.TextChoices):
    """The public state of an étape."""

    PREVUE = "prevue", _("planned")
    COMPLETE = "complete", _("full")
    REPORTEE = "reportee", _("postponed")
    ANNULEE = "annulee", _("cancelled")
    PASSEE = "passee", _("past")


class Ouverture(models.TextChoices):
    """The state of registration."""

    AUCUNE = "aucune", _("without registration")
    OUVERTE = "ouverte", _("open")
    ATTENTE = "liste_attente", _("full, with a waiting list")
    FERMEE = "fermee", _("closed")


class Guichet(NamedTuple):
    """Registration for an étape. ``restantes``: places left, None without a limit; ``ferme_le``: when it closes by itself."""

    ouverture: Ouverture
    restantes: int | None
    ferme_le: datetime.datetime | None

    @property
    def ouvert(self) -> bool:
        """Whether the form is shown, for a place or for the waiting list."""
        return self.ouverture in (Ouverture.OUVERTE, Ouverture.ATTENTE)

    @property
    def attente(self) -> bool:
        return self.ouverture == Ouverture.ATTENTE

    @property
    def ferme(self) -> bool:
        return self.ouverture == Ouverture.FERMEE


def state(etape: "EtapePage") -> EtatDuGuichet:
    """Returns the étape's `EtatDuGuichet`. Cancelled and postponed come first, then past, then full."""
    if etape.annulee:
        return EtatDuGuichet.ANNULEE
    if etape.reportee and etape.attend_sa_date:
        return EtatDuGuichet.REPORTEE
    if etape.passee:
        return EtatDuGuichet.PASSEE
    if is_full(etape):
        return EtatDuGuichet.COMPLETE
    return EtatDuGuichet.REPORTEE if etape.reportee else EtatDuGuichet.PREVUE


def desk(etape: "EtapePage") -> Guichet:
    """Returns the étape's `Guichet`; no query if it was read `with_places`."""
    if etape.inscriptions == Inscriptions.AUCUNE:
        return Guichet(Ouverture.AUCUNE, None, None)
    left, closes = places_left(etape), closing(etape)
    if etape.inscriptions == Inscriptions.FERMEES or not etape.a_lieu or closes is None or timezone.now() >= closes:
        return Guichet(Ouverture.FERMEE, left, closes)
    return Guichet(Ouverture.ATTENTE if is_full(etape) else Ouverture.OUVERTE, left, closes)


def closing(etape: "EtapePage") -> datetime.datetime | None:
    """When registration closes by itself: at the chosen date, or when the étape begins if that is earlier; None while neither
    is known."""
    return min(filter(None, (etape.inscriptions_jusqu_au, etape.commence_le)), default=None)


def is_full(etape: "EtapePage") -> bool:
    """Whether the organisers set the state to full, or no place is left."""
    return etape.statut == StatutEtape.COMPLETE or (
        etape.inscriptions != Inscriptions.AUCUNE and places_left(etape) == 0
    )


def places_left(etape: "EtapePage") -> int | None:
    """The number of places left; None without a limit."""
    if etape.capacite is None:
        return None
    return max(0, etape.capacite - places_taken(etape))


def places_taken(etape: "EtapePage") -> int:
    if etape.pk is None:  # a new étape, previewed before it is saved
        return 0
    annotated = getattr(etape, "prises", None)
    return etape.inscrits.confirmed().count() if annotated is None else annotated
