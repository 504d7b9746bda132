"""An import of fiches from a spreadsheet: what was read, its progress, and the fiches made."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class EtatImport(models.TextChoices):
    """States of an import."""

    VERIFIE = "verifie", _("checked")
    EN_COURS = "en_cours", _("being made")
    FAIT = "fait", _("made")
    ANNULATION = "annulation", _("being undone")


WORKING = frozenset({EtatImport.EN_COURS, EtatImport.ANNULATION})


class Importation(models.Model):
    """An import, written by `fiches.admin.importation` only.

    ``lignes`` holds the file's content, ``{"feuilles": [[name, line of the headings, [heading], [[number, [text]]]]]}``, the list of
    fiches that the user chose (``"liste"``: key), the sheet (``"feuille"``: index), what they said of its columns (``"colonnes":
    {index: field}``) and which near doubles they want (``"voulus": [number]``). ``problemes`` are its faults
    (`fiches.admin.importation.run.Problem`); ``doublons`` the rows that look like another row or fiche, ``[{"rang", "titre", "de":
    {"fiche" or "rang", "titre"}}]``.
    """

    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    cree = models.DateTimeField(_("brought on"), default=timezone.now)
    fait_le = models.DateTimeField(null=True)
    nom = models.CharField(_("file"), max_length=200)
    etat = models.CharField(_("state"), max_length=12, choices=EtatImport.choices, default=EtatImport.VERIFIE)
    lignes = models.JSONField(default=dict)
    problemes = models.JSONField(default=list)
    doublons = models.JSONField(default=list)
    total = models.PositiveIntegerField(_("fiches"), default=0)
    fiches = models.ManyToManyField("rallynov_fiches.FichePage", related_name="importations")

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        default_permissions = ()

    def __str__(self) -> str:
        return gettext("import %(number)s, %(name)s") % {"number": self.pk, "name": self.nom}

    @property
    def travaille(self) -> bool:
        return self.etat in WORKING
