"""Jurors and their scores. `ranking` reads scores only once the scoring is closed."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from fiches.palmares.models.edition import CritereDeNotation, Nomination, Palmares


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
    invite_le = models.DateTimeField(pgettext_lazy("date", "invited"), default=timezone.now, editable=False)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["nom", "pk"]
        verbose_name = _("juror")
        verbose_name_plural = _("jurors")
        constraints = [models.UniqueConstraint(fields=["palmares", "compte"], name="palmares_juror_once")]

    def __str__(self) -> str:
        return self.nom


class Evaluation(models.Model):
    """A juror's scores and comment on one nomination; complete once every criterion has a score. None counts of a juror who keeps away
    from the fiche, by reason of an interest in it."""

    jure = models.ForeignKey(Jure, on_delete=models.CASCADE, related_name="evaluations")
    nomination = models.ForeignKey(Nomination, on_delete=models.CASCADE, related_name="evaluations")
    commentaire = models.TextField(_("comment"), blank=True, max_length=4000)
    modifiee_le = models.DateTimeField(pgettext_lazy("date of a score", "changed"), auto_now=True)
    a_l_ecart = models.BooleanField(_("keeps away"), default=False)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("evaluation")
        constraints = [models.UniqueConstraint(fields=["jure", "nomination"], name="palmares_evaluated_once")]


class Note(models.Model):
    """A score on one criterion."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.CASCADE, related_name="notes")
    critere = models.ForeignKey(CritereDeNotation, on_delete=models.CASCADE, related_name="+")
    valeur = models.PositiveSmallIntegerField(_("score"))

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("score")
        constraints = [models.UniqueConstraint(fields=["evaluation", "critere"], name="palmares_scored_once")]
