"""An import of fiches from a spreadsheet: what was read, its progress, and the fiches made."""

from typing import Any

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class EtatImport(models.TextChoices):
    """States of an import."""

    A_VERIFIER = "a_verifier", _("being checked")
    VERIFIE = "verifie", _("checked")
    EN_COURS = "en_cours", _("being made")
    FAIT = "fait", _("made")
    ECHOUE = "echoue", _("stopped by an error")
    ANNULATION = "annulation", _("being undone")
    ANNULE = "annule", _("undone")
    ANNULE_EN_PARTIE = "en_partie", _("undone in part")


WORKING = frozenset({EtatImport.A_VERIFIER, EtatImport.EN_COURS, EtatImport.ANNULATION})
# What can be undone, if fiches were made; what can be corrected: the rows that were not made.
UNDOABLE = frozenset({EtatImport.VERIFIE, EtatImport.FAIT, EtatImport.ECHOUE, EtatImport.ANNULE_EN_PARTIE})
CORRECTABLE = frozenset({EtatImport.VERIFIE, EtatImport.FAIT})
# What can be checked again, with the rows as they were mended.
REPEATABLE = frozenset({EtatImport.ECHOUE, EtatImport.ANNULE, EtatImport.ANNULE_EN_PARTIE})


def private_storage() -> Storage:
    """The storage of files that no public address serves."""
    return storages["private"]


class Importation(models.Model):
    """An import, written by `fiches.admin.importation` only.

    ``lignes`` holds the file's content, ``{"entetes": [text], "rangs": [[number, [text]]]}``, the key of the list of fiches that
    the user chose (``"liste"``), what they said of its columns (``"colonnes": {index: field}``) and which duplicates they want
    (``"voulus": [number]``); ``problemes`` its errors, ``[[cell, text, number, field]]``; ``doublons`` the rows that look like
    another row or fiche, ``[{"rang", "titre", "de": {"fiche" or "rang", "titre"}}]``.
    """

    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    cree = models.DateTimeField(_("brought on"), default=timezone.now)
    nom = models.CharField(_("file"), max_length=200)
    archive = models.FileField(storage=private_storage, upload_to="importations/", blank=True)
    etat = models.CharField(_("state"), max_length=12, choices=EtatImport.choices, default=EtatImport.A_VERIFIER)
    lignes = models.JSONField(default=dict)
    problemes = models.JSONField(default=list)
    doublons = models.JSONField(default=list)
    total = models.PositiveIntegerField(_("fiches"), default=0)
    faites = models.PositiveIntegerField(default=0)
    tenu_jusqu_a = models.DateTimeField(null=True, help_text="Until when a worker has it; later, it is dead.")
    essais = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        default_permissions = ()

    def __str__(self) -> Any:
        return self.nom

    @property
    def travaille(self) -> bool:
        return self.etat in WORKING

    @property
    def corrigeable(self) -> bool:
        return self.etat in CORRECTABLE

    @property
    def reprenable(self) -> bool:
        return self.etat in REPEATABLE

    @property
    def annulable(self) -> bool:
        return self.etat in UNDOABLE and self.importees.filter(fiche__isnull=False).exists()


class LigneImportee(models.Model):
    """A row of an import: the pictures fetched for it, and the fiche made from it."""

    importation = models.ForeignKey(Importation, on_delete=models.CASCADE, related_name="importees")
    rang = models.PositiveIntegerField()
    fichiers = models.JSONField(default=dict, help_text="{column: name of the picture kept for it}")
    fiche = models.ForeignKey("rallynov_fiches.FichePage", null=True, on_delete=models.SET_NULL, related_name="+")
    revision = models.PositiveBigIntegerField(null=True)
    images = models.JSONField(default=list, help_text="Keys of the pictures made for it.")
    acquise = models.BooleanField(
        default=False, help_text="Its fiche was made before the last run, whose failure leaves it."
    )

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["importation", "rang"], name="fiches_ligne_importee_once")]

    def __str__(self) -> Any:
        return f"{self.importation} {self.rang}"
