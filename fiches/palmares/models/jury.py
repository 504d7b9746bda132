"""Jurors and their scores. `scoring` reads scores of others only once the scoring is closed."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from fiches.palmares.models.edition import Nomination, Palmares


class Jure(models.Model):
    """A member of one edition's jury. The name stays when the account is deleted."""

    palmares = models.ForeignKey(Palmares, on_delete=models.CASCADE, related_name="jures")
    compte = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="jurys",
    )
    nom = models.CharField(_("name"), max_length=120)
    fonction = models.CharField(_("role"), max_length=160, blank=True)
    accord_le = models.DateTimeField(_("agreed to be named"), null=True, editable=False)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["nom", "pk"]
        verbose_name = _("juror")
        verbose_name_plural = _("jurors")
        constraints = [models.UniqueConstraint(fields=["palmares", "compte"], name="palmares_juror_once")]

    def __str__(self) -> str:
        return self.nom


class Evaluation(models.Model):
    """A juror's scores and remark on one nomination; complete once every criterion has a score."""

    jure = models.ForeignKey(Jure, on_delete=models.CASCADE, related_name="evaluations")
    nomination = models.ForeignKey(Nomination, on_delete=models.CASCADE, related_name="evaluations")
    # {key of a criterion, as text: score}; criteria don't change once the scoring is open.
    notes = models.JSONField(_("scores"), default=dict)
    commentaire = models.TextField(_("comment"), blank=True, max_length=4000)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("evaluation")
        constraints = [models.UniqueConstraint(fields=["jure", "nomination"], name="palmares_evaluated_once")]
