"""What changed, told to every process."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Changement(models.Model):
    """Some marks changed. Written inside the transaction that changed them, so that it is read when that is."""

    marques = models.TextField(help_text="Marks of fiches.dependances, between spaces.")
    le = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        verbose_name = _("change of what is shown")
        verbose_name_plural = _("changes of what is shown")

    def __str__(self):
        return self.marques
