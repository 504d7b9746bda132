"""The bin: fiches that were deleted, kept for a while in case that was a mistake."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class FicheSupprimee(models.Model):
    """What a deleted fiche held; written by `fiches.upkeep.recycle_bin` only.

    ``contenu`` is its latest revision as Wagtail serialises it, ``attaches`` what rooms
    above held of it. ``courriels`` holds, between bars, the addresses in it, in
    lower case: erasing a person reaches here.
    """

    page = models.PositiveBigIntegerField(unique=True)
    titre = models.CharField(_("innovation"), max_length=255)
    organisation = models.CharField(_("organisation"), max_length=200, blank=True)
    proprietaire = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("owner"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    parent = models.PositiveBigIntegerField()
    etait_en_ligne = models.BooleanField(_("was online"), default=False)
    contenu = models.JSONField()
    attaches = models.JSONField(default=dict)
    courriels = models.TextField(blank=True)
    supprimee_le = models.DateTimeField(_("deleted on"), default=timezone.now, db_index=True)
    supprimee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("deleted by"), null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["-supprimee_le", "-pk"]
        verbose_name = _("deleted fiche")
        verbose_name_plural = _("deleted fiches")
        default_permissions = ()
        permissions = [("gerer_donnees_personnelles", _("Find, export and erase a person’s data"))]

    def __str__(self):
        return self.titre
