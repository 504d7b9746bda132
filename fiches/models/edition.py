"""The edition: one year of the rally."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel


class Edition(models.Model):
    """One year of the hunt; fiches, étapes and prizes belong to it."""

    annee = models.PositiveSmallIntegerField(_("year"), unique=True)
    nom = models.CharField(_("name"), max_length=120, blank=True)
    cloture = models.CharField(
        _("closing event"), max_length=120, blank=True, help_text=_("In words, as announced: “autumn 2013”.")
    )

    panels = [FieldPanel("annee"), FieldPanel("nom"), FieldPanel("cloture")]

    class Meta:
        ordering = ["-annee"]
        verbose_name = _("edition")
        verbose_name_plural = _("editions")

    def __str__(self) -> str:
        return self.nom or str(self.annee)
