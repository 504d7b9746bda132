"""Saved views of the admin's lists."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Vue(models.Model):
    """The filters and order of a list of the admin, saved under a name by one user and visible to them only."""

    proprietaire = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="vues")
    liste = models.CharField(_("list"), max_length=60)
    nom = models.CharField(_("name of the view"), max_length=60)
    question = models.CharField(_("filters and order"), max_length=2000, blank=True)

    class Meta:
        ordering = ["nom"]
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["proprietaire", "liste", "nom"], name="redaction_vue_once_a_name")
        ]

    def __str__(self) -> Any:
        return self.nom
