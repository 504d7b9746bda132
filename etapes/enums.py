"""Choices of the étapes' and registrations' fields."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class MomentDeLaJournee(models.TextChoices):
    """Part of the day, for an étape whose hours are not known."""

    MATIN = "matin", _("morning")
    APRES_MIDI = "apres-midi", _("afternoon")
    SOIREE = "soiree", _("evening")
    JOURNEE = "journee", _("all day")


class StatutEtape(models.TextChoices):
    """State that the organisers give an étape. Its address and its iCalendar UID do not depend on it."""

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
    """State of one person's registration."""

    CONFIRMEE = "confirmee", _("has a place")
    ATTENTE = "attente", _("on the waiting list")
    ANNULEE = "annulee", _("cancelled")
