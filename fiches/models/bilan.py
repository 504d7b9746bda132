"""The completeness of a fiche, stored so that lists can filter and sort by it in SQL."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Bilan(models.Model):
    """What the latest revision of a fiche lacks. Written by `fiches.admin.gap_records` only.

    ``manques`` holds the names of the gaps (`fiches.admin.fiche_gaps.GAPS`) between bars: ``|photo|lieu|``; ``part`` is a
    percentage; ``revision`` is the key of the revision that was measured.
    """

    fiche = models.OneToOneField(
        "rallynov_fiches.FichePage", primary_key=True, on_delete=models.CASCADE, related_name="bilan"
    )
    revision = models.PositiveBigIntegerField(null=True)
    manques = models.CharField(_("what is missing"), max_length=200, blank=True)
    part = models.PositiveSmallIntegerField(_("completeness"), default=0, db_index=True)

    class Meta:
        verbose_name = _("completeness of a fiche")
        verbose_name_plural = _("completeness of the fiches")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.part}\u00a0%"
