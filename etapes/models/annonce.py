"""Mails from the organisers to registered people."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Annonce(models.Model):
    """One text, sent once to each person. ``cle`` is generated with the form and makes a second submission harmless."""

    wagtail_reference_index_ignore = True

    class Public(models.TextChoices):
        CONFIRMEES = "confirmees", _("those who have a place")
        ATTENTE = "attente", _("those on the waiting list")
        TOUS = "tous", _("both")

    etape = models.ForeignKey("rallynov_etapes.EtapePage", on_delete=models.CASCADE, related_name="annonces")
    cle = models.UUIDField(default=uuid.uuid4, unique=True)
    public = models.CharField(_("to"), max_length=10, choices=Public.choices, default=Public.CONFIRMEES)
    objet = models.CharField(_("subject"), max_length=150)
    texte = models.TextField(_("text"), max_length=5000)
    par = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    creee_le = models.DateTimeField(default=timezone.now)
    destinataires = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-creee_le", "-pk"]
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")

    def __str__(self) -> Any:
        return self.objet
