"""Reach of the embeds: how often each was loaded, by site and by day. Holds no personal data."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Chargement(models.Model):
    """Number of loads of one embed in the pages of one site on one day.

    Only ``fiches.diffusion.embeds.reach`` writes it.
    """

    jour = models.DateField(_("day"))
    hote = models.CharField(
        _("site"),
        max_length=253,
        blank=True,
        help_text="Its host name; blank: not told.",
    )
    nature = models.SlugField(_("embed"), max_length=20, db_index=False)
    question = models.CharField(_("question"), max_length=300, blank=True)
    nombre = models.PositiveIntegerField(_("loads"), default=0)

    class Meta:
        verbose_name = _("loads of an embed")
        verbose_name_plural = _("loads of the embeds")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["jour", "hote", "nature", "question"], name="diffusion_one_count_an_embed_site_and_day"
            )
        ]
        indexes = [models.Index(fields=["hote", "jour"], name="diffusion_loads_by_site")]

    def __str__(self) -> Any:
        return f"{self.jour} {self.hote or '–'} {self.nature}"
