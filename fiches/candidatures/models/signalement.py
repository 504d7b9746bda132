"""Tips: innovations that somebody tells the staff about."""

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fiches.candidatures.enums import Suite


class Signalement(models.Model):
    """A tip. ``contact`` is the organisation's address, ``de`` the address of the person who sent the tip."""

    organisation = models.CharField(_("organisation"), max_length=200)
    innovation = models.TextField(_("what it does that is new"), max_length=2000)
    contact = models.EmailField(_("its e-mail"), blank=True)
    de = models.EmailField(_("your e-mail"), blank=True)
    suite = models.CharField(_("outcome"), max_length=10, choices=Suite.choices, default=Suite.NOUVEAU, db_index=True)
    date = models.DateTimeField(_("date"), default=timezone.now)
    # Fingerprint of the four fields as sent, so that the same tip is stored once.
    empreinte = models.CharField(max_length=64, unique=True, null=True, editable=False)

    class Meta:
        ordering = ["-date", "-pk"]
        verbose_name = _("tip")
        verbose_name_plural = _("tips")

    def __str__(self) -> Any:
        return self.organisation
