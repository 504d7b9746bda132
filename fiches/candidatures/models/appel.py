"""Calls for innovations, and the settings of the dossiers' privacy notice."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting


class AppelQuerySet(models.QuerySet):
    def opened(self, now: datetime | None = None) -> models.QuerySet:
        now = now or timezone.now()
        return self.filter(ouverture__lte=now, cloture__gt=now)

    def closed(self, now: Any = None) -> models.QuerySet:
        now = now or timezone.now()
        return self.exclude(ouverture__lte=now, cloture__gt=now)

    def current(self) -> "Appel | None":
        """The open call that closes first, or None."""
        return self.opened().order_by("cloture").first()


class Appel(models.Model):
    """A call: dossiers can be begun and sent between its two dates."""

    nom = models.CharField(_("name"), max_length=120)
    edition = models.ForeignKey(
        "rallynov_fiches.Edition", verbose_name=_("edition"), null=True, blank=True, on_delete=models.SET_NULL
    )
    ouverture = models.DateTimeField(_("opens"), help_text=_("From then on, dossiers can be begun and sent."))
    cloture = models.DateTimeField(_("closes"), help_text=_("From then on, none can be sent; corrections still can."))

    objects = AppelQuerySet.as_manager()

    panels = [
        FieldPanel("nom"),
        FieldPanel("edition"),
        FieldRowPanel([FieldPanel("ouverture"), FieldPanel("cloture")]),
    ]

    class Meta:
        ordering = ["-cloture"]
        verbose_name = _("call")
        verbose_name_plural = _("calls")

    def __str__(self) -> str:
        return self.nom

    def clean(self) -> None:
        super().clean()
        if self.ouverture and self.cloture and self.cloture <= self.ouverture:
            raise ValidationError({"cloture": _("The call closes after it opens.")})

    @property
    def est_ouvert(self) -> bool:
        return self.ouverture <= timezone.now() < self.cloture


@register_setting(icon="lock", order=30)
class Confidentialite(BaseSiteSetting):
    """The privacy notice of the dossiers (articles 13 and 14 of the GDPR)."""

    responsable = models.CharField(
        _("controller"), max_length=200, blank=True, help_text=_("The organisation that decides why the data are kept.")
    )
    adresse = models.TextField(_("its address"), blank=True)
    delegue = models.EmailField(_("data protection officer"), blank=True)
    destinataires = models.TextField(
        _("recipients"), blank=True, help_text=_("Who reads the dossiers, besides the rally’s own staff.")
    )

    panels = [FieldPanel(name) for name in ("responsable", "adresse", "delegue", "destinataires")]

    class Meta:
        verbose_name = _("privacy of the dossiers")
