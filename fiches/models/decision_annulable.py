"""The decisions of the staff that can be undone for ten minutes."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Verdict(models.TextChoices):
    """What was decided on an innovation or an étape."""

    TRANSMIS = "transmis", _("passing on to the approval")
    APPROUVE = "approuve", _("approval")
    CORRECTIONS = "corrections", _("request for corrections")
    REFUSE = "refuse", _("refusal of the dossier")
    FUSION = "fusion", _("merge with another dossier")
    RETRAIT = "retrait", _("withdrawal from the site")


class DecisionAnnulable(models.Model):
    """A decision, with what it changed: `fiches.moderation.undo` puts it back. Deleted once it is undone or too old.

    ``avant`` and ``apres`` are ``{"kind:key": what the record of this kind held}``, see `fiches.moderation.undoable_decisions`;
    ``courriels`` are the keys of the mails that wait; ``droit`` is the permission with which others than ``auteur`` undo it,
    ``""`` for those who may decide on the step of the review; ``fiche`` is the first fiche among the records.
    """

    verdict = models.CharField(max_length=12, choices=Verdict.choices)
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    droit = models.CharField(max_length=100, blank=True)
    fiche = models.ForeignKey("rallynov_fiches.FichePage", null=True, on_delete=models.CASCADE, related_name="+")
    date = models.DateTimeField(default=timezone.now)
    avant = models.JSONField(default=dict)
    apres = models.JSONField(default=dict)
    courriels = models.JSONField(default=list)

    class Meta:
        ordering = ["-pk"]
        default_permissions = ()
