"""Where a palmarès stands, and which prizes there are."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Etat(models.TextChoices):
    """From one to the next, never back (see `deroulement`)."""

    PREPARATION = "preparation", _("in preparation")
    NOTATION = "notation", _("scoring open")
    CLOSE = "close", _("scoring closed")


class Rang(models.IntegerChoices):
    """What a fiche may win. Two fiches may have the same: nobody is beaten by a coin."""

    PREMIER = 1, _("First prize")
    DEUXIEME = 2, _("Second prize")
    TROISIEME = 3, _("Third prize")
    MENTION = 9, _("Special mention")
