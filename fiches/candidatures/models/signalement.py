"""Tips: innovations that somebody tells the staff about."""

import uuid
from pathlib import PurePosixPath
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fiches.candidatures.enums import Suite
from fiches.candidatures.models.piece import private_storage


def photo_name(_tip: "Signalement", filename: str) -> str:
    """Returns a storage name that reveals neither the sender nor the organisation."""
    return f"signalements/{uuid.uuid4().hex}{PurePosixPath(filename).suffix}"


class Signalement(models.Model):
    """A tip. ``lieu`` is where the organisation is, as typed; ``contact`` its address, ``de`` the address of the person who sent
    the tip. ``photo`` is private, cleaned before it was stored."""

    organisation = models.CharField(_("organisation"), max_length=200)
    lieu = models.CharField(_("where it is"), max_length=200, blank=True)
    innovation = models.TextField(_("what it does that is new"), max_length=2000)
    photo = models.FileField(_("photo"), storage=private_storage, upload_to=photo_name, max_length=200, blank=True)
    contact = models.EmailField(_("its e-mail"), blank=True)
    de = models.EmailField(_("your e-mail"), blank=True)
    suite = models.CharField(_("outcome"), max_length=10, choices=Suite.choices, default=Suite.NOUVEAU, db_index=True)
    date = models.DateTimeField(_("date"), default=timezone.now)
    # Fingerprint of the texts as sent, so that the same tip is stored once.
    empreinte = models.CharField(max_length=64, unique=True, null=True, editable=False)

    class Meta:
        ordering = ["-date", "-pk"]
        verbose_name = _("tip")
        verbose_name_plural = _("tips")

    def __str__(self) -> Any:
        return self.organisation
