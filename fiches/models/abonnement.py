"""Subscriptions by mail, without an account."""

from uuid import uuid4

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AbonnementQuerySet(models.QuerySet):
    def confirmed(self) -> models.QuerySet:
        return self.filter(confirme_le__isnull=False)

    def unconfirmed(self) -> models.QuerySet:
        return self.filter(confirme_le__isnull=True)


class Abonnement(models.Model):
    """An address that gets mails of one kind. Before ``confirme_le`` is set, only the mail that asks to confirm is sent.

    The row and its mails are deleted when the subscription ends. Only `fiches.mail.subscriptions` writes it.
    ``langue``: language of the page where it was asked for, used for the mails and their links.
    ``mention``: the consent text that stood beside the button. ``annonce_le``: until when new contents were announced.
    """

    cle = models.UUIDField(default=uuid4, unique=True, editable=False)
    nature = models.CharField(max_length=20)
    courriel = models.EmailField(_("e-mail"))
    question = models.TextField(_("question"), blank=True, help_text="The query string that is followed, if any.")
    marque = models.CharField(max_length=32, blank=True, help_text="The question's digest: an address follows it once.")
    mention = models.TextField(_("what was agreed to"))
    langue = models.CharField(max_length=12, blank=True, editable=False)
    demande_le = models.DateTimeField(_("asked for"), default=timezone.now)
    confirme_le = models.DateTimeField(_("confirmed"), null=True, db_index=True)
    annonce_le = models.DateTimeField(null=True)
    courriels = GenericRelation("rallynov_fiches.Courriel", content_type_field="sujet_type", object_id_field="sujet_id")

    objects = AbonnementQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["-demande_le", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["courriel", "nature", "marque"], name="fiches_abonnement_once"),
        ]
        verbose_name = _("subscriber")
        verbose_name_plural = _("subscribers")

    def __str__(self) -> str:
        return self.courriel
