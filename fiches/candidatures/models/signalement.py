"""The tip: an innovation that somebody saw."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fiches.candidatures.enums import Suite


class Signalement(models.Model):
    """Four fields: which organisation, what it does, how to reach it, who says so."""

    organisation = models.CharField(_("organisation"), max_length=200)
    innovation = models.TextField(_("what it does that is new"), max_length=2000)
    contact = models.EmailField(_("its e-mail"), blank=True)
    de = models.EmailField(_("your e-mail"), blank=True)
    suite = models.CharField(_("outcome"), max_length=10, choices=Suite.choices, default=Suite.NOUVEAU, db_index=True)
    date = models.DateTimeField(_("date"), default=timezone.now)
    empreinte = models.CharField(max_length=64, unique=True, null=True, editable=False)
    """Of the four fields as they were sent: the same tip is kept once."""

    class Meta:
        ordering = ["-date", "-pk"]
        verbose_name = _("tip")
        verbose_name_plural = _("tips")

    def __str__(self):
        return self.organisation
