"""Files and consents of a dossier."""

import uuid
from typing import Any

from django.conf import settings
from django.core.files.storage import storages
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.images import get_image_model_string

from fiches.candidatures.enums import RoleDePiece
from fiches.candidatures.models.dossier import Dossier


def private_storage() -> Any:
    return storages["private"]


def private_name(piece: "PieceJointe", _filename: str) -> str:
    """Returns a storage name that does not reveal the owner."""
    return f"dossiers/{piece.dossier_id}/{piece.cle.hex}.{piece.extension}"


class PieceJointe(models.Model):
    """A private file of a dossier, cleaned before it was stored. ``extension`` is in lower case, without the full stop;
    ``illustration`` is the Wagtail image made from it."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="pieces")
    cle = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    role = models.CharField(max_length=10, choices=RoleDePiece.choices)
    nom = models.CharField(_("name"), max_length=150)
    extension = models.CharField(max_length=6)
    type_mime = models.CharField(max_length=100)
    taille = models.PositiveIntegerField()
    fichier = models.FileField(storage=private_storage, upload_to=private_name, max_length=200)
    illustration = models.ForeignKey(
        get_image_model_string(), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    cree = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("file")
        verbose_name_plural = _("files")

    def __str__(self) -> Any:
        return self.nom


class Consentement(models.Model):
    """A consent given or withdrawn. Rows are only added: the last one of a purpose is in force."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="consentements")
    finalite = models.CharField(_("purpose"), max_length=40)
    libelle = models.TextField(_("wording"))
    version = models.CharField(_("version"), max_length=20)
    accorde = models.BooleanField(_("agreed"))
    date = models.DateTimeField(default=timezone.now)
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, help_text=_("None: the applicant.")
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
