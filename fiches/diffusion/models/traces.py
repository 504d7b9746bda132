"""What has left the site: one row a page that was shown outside."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Trace(models.Model):
    """What the outside knows of one page: its contents as JSON, or that it was withdrawn.

    Written by ``fiches.diffusion.journal`` only. A row is never removed: it is how a mirror learns what to forget.
    """

    page = models.PositiveBigIntegerField(primary_key=True)
    nature = models.CharField(_("type"), max_length=20)
    slug = models.CharField(_("address name"), max_length=255)
    donnees = models.TextField(_("contents"), null=True, help_text="JSON; null: to be built when next asked for.")
    retiree = models.BooleanField(_("withdrawn"), default=False)
    modifie_le = models.DateTimeField(_("changed"), db_index=True)
    expire_le = models.DateTimeField(_("expires"), null=True, db_index=True)

    class Meta:
        verbose_name = _("page known outside")
        verbose_name_plural = _("pages known outside")

    def __str__(self):
        return f"{self.nature} {self.page}"
