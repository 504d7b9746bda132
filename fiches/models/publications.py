"""What is public, since when, and which version of it that makes. Written by ``fiches.publications`` only."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Version(models.Model):
    """One row: the version of all that the public may see. See ``fiches.publications.version``."""

    number = models.PositiveBigIntegerField(help_text="Grows with each change, in the order of the commits.")
    changed_at = models.DateTimeField()
    valid_until = models.DateTimeField(help_text="When it next changes by itself.")

    class Meta:
        default_permissions = ()
        verbose_name = _("version of what the public may see")

    def __str__(self) -> str:
        return str(self.number)
