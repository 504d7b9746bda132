"""Alerts: which address follows which query, and which fiches each alert already announced."""

from typing import Any
from uuid import uuid4

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Rythme(models.TextChoices):
    PUBLICATION = "publication", _("as soon as one is published")
    SEMAINE = "semaine", _("once a week, when there are new ones")


class SuiviQuerySet(models.QuerySet):
    def confirmed(self) -> models.QuerySet:
        return self.filter(confirme_le__isnull=False)

    def unconfirmed(self) -> models.QuerySet:
        return self.filter(confirme_le__isnull=True)


class Suivi(models.Model):
    """An e-mail address that follows a query (double opt-in: only the confirmation mail is sent before ``confirme_le``).

    Stopping the alert deletes the row, and with it the address and the mails about it.
    """

    cle = models.UUIDField(default=uuid4, unique=True, editable=False)
    courriel = models.EmailField(_("e-mail"))
    question = models.TextField(_("question"), blank=True, help_text="The query language, in its canonical order.")
    marque = models.CharField(max_length=32, help_text="The question's digest: the same question is asked once.")
    rythme = models.CharField(_("how often"), max_length=12, choices=Rythme.choices, default=Rythme.SEMAINE)
    demande_le = models.DateTimeField(_("asked for"), default=timezone.now)
    confirme_le = models.DateTimeField(_("confirmed"), null=True)
    courriels = GenericRelation("rallynov_fiches.Courriel", content_type_field="sujet_type", object_id_field="sujet_id")

    objects = SuiviQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["courriel", "marque"], name="diffusion_suivi_once")]
        indexes = [models.Index(fields=["rythme", "marque"], name="diffusion_suivi_groups")]
        verbose_name = _("followed search")
        verbose_name_plural = _("followed searches")

    def __str__(self) -> Any:
        return self.question or "/"


class FicheAnnoncee(models.Model):
    """A fiche that an alert announced, so that it isn't announced twice."""

    suivi = models.ForeignKey(Suivi, on_delete=models.CASCADE, related_name="fiches_annoncees")
    fiche = models.PositiveBigIntegerField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["suivi", "fiche"], name="diffusion_fiche_annoncee_once")]
        verbose_name = _("fiche told of")

    def __str__(self) -> Any:
        return f"{self.suivi_id} {self.fiche}"
