"""The closed lists by which an étape is described."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Moment(models.TextChoices):
    """A part of the day, for an étape whose hours are not known: unknown hours are not midnight."""

    MATIN = "matin", _("morning")
    APRES_MIDI = "apres-midi", _("afternoon")
    SOIREE = "soiree", _("evening")
    JOURNEE = "journee", _("all day")


class Statut(models.TextChoices):
    """What became of an étape; whatever it is, its address and its iCalendar UID stay."""

    PREVUE = "prevue", _("planned")
    COMPLETE = "complete", _("full")
    REPORTEE = "reportee", _("postponed")
    ANNULEE = "annulee", _("cancelled")


class Inscriptions(models.TextChoices):
    """Whether people can register."""

    AUCUNE = "aucune", _("without registration")
    OUVERTES = "ouvertes", _("open")
    FERMEES = "fermees", _("closed")


class EtatInscription(models.TextChoices):
    """Where a person stands."""

    CONFIRMEE = "confirmee", _("has a place")
    ATTENTE = "attente", _("on the waiting list")
    ANNULEE = "annulee", _("cancelled")
