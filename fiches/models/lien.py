"""The external links of public pages, and whether they still work."""

from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class LienQuerySet(models.QuerySet):
    def dead(self) -> Any:
        return self.filter(mort_depuis__isnull=False)

    def alive(self) -> Any:
        return self.filter(mort_depuis__isnull=True)

    def due(self, now: datetime, every: timedelta) -> models.QuerySet:
        """The links not checked for ``every`` (a timedelta) or never; those waiting longest come first."""
        return self.filter(models.Q(verifie_le__isnull=True) | models.Q(verifie_le__lt=now - every)).order_by(
            models.F("verifie_le").asc(nulls_first=True), "pk"
        )


class Lien(models.Model):
    """An external link of a page. Written by `fiches.admin.dead_links` only."""

    page = models.ForeignKey("wagtailcore.Page", verbose_name=_("page"), on_delete=models.CASCADE, related_name="+")
    adresse = models.CharField(_("address"), max_length=2000)
    empreinte = models.CharField(max_length=32, editable=False, help_text="Of the address: what is unique for a page.")
    constat = models.CharField(_("what was found"), max_length=200, blank=True)
    verifie_le = models.DateTimeField(_("looked at on"), null=True, db_index=True)
    echecs = models.PositiveSmallIntegerField(default=0)
    mort_depuis = models.DateTimeField(_("dead since"), null=True, db_index=True)
    cree = models.DateTimeField(default=timezone.now)

    objects = LienQuerySet.as_manager()

    class Meta:
        ordering = ["mort_depuis", "pk"]
        verbose_name = _("link")
        verbose_name_plural = _("links")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["page", "empreinte"], name="fiches_lien_once_a_page")]

    def __str__(self) -> Any:
        return self.adresse
