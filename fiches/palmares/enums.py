"""Enumerations of the palmarès."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EtatDuPalmares(models.TextChoices):
    """The states of a palmarès, in order; it never goes back (see `transitions`)."""

    PREPARATION = "preparation", _("in preparation")
    NOTATION = "notation", _("scoring open")
    CLOSE = "close", _("scoring closed")


class Rang(models.IntegerChoices):
    """The prizes. Two fiches may get the same one, in case of a tie."""

    PREMIER = 1, _("First prize")
    DEUXIEME = 2, _("Second prize")
    TROISIEME = 3, _("Third prize")
    MENTION = 9, _("Special mention")
