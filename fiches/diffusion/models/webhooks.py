"""Webhooks: the subscribers, the pages that each one knows, and the messages sent to them."""

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.panels import FieldPanel, MultiFieldPanel

from fiches.diffusion.webhooks.events import Evenements
from fiches.models.fields import ChoiceListField


class EtatDeLivraison(models.TextChoices):
    A_ENVOYER = "a_envoyer", _("to be sent")
    EN_COURS = "en_cours", _("being sent")
    LIVREE = "livree", pgettext_lazy("delivery", "delivered")
    ABANDONNEE = "abandonnee", pgettext_lazy("delivery", "given up")
    REMPLACEE = "remplacee", pgettext_lazy("delivery", "overtaken")


class WebhookQuerySet(models.QuerySet):
    def active(self) -> models.QuerySet:
        return self.filter(actif=True)

    def paused(self) -> Any:
        return self.filter(actif=False)


class Webhook(models.Model):
    """A subscriber's address, which receives a message when a fiche or étape is published, changed or withdrawn.

    The signing secret isn't stored: it is derived from ``sel`` and ``SECRET_KEY``, so that a stolen database can't sign.
    """

    nom = models.CharField(_("name"), max_length=120, help_text=_("Whose site it is."))
    adresse = models.URLField(_("address"), max_length=500, help_text=_("Where to post: https only."))
    evenements = ChoiceListField(_("events"), of=Evenements(), blank=False)
    actif = models.BooleanField(_("active"), default=True, editable=False)
    motif = models.CharField(_("why it is paused"), max_length=200, blank=True, editable=False)
    echecs = models.PositiveIntegerField(_("failures in a row"), default=0, editable=False)
    sel = models.CharField(max_length=64, editable=False)
    empreinte = models.CharField(max_length=64, editable=False)
    cree_le = models.DateTimeField(pgettext_lazy("date", "created"), default=timezone.now, editable=False)

    panels = [
        MultiFieldPanel([FieldPanel("nom"), FieldPanel("adresse")], _("To whom")),
        FieldPanel("evenements"),
    ]

    objects = WebhookQuerySet.as_manager()

    class Meta:
        ordering = ["nom", "pk"]
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")

    def __str__(self) -> str:
        return self.nom

    def clean(self) -> None:
        super().clean()
        from fiches.safe_http import AddressError, check_address

        try:
            check_address(self.adresse)
        except AddressError as error:
            raise ValidationError({"adresse": str(error)}) from None


class Connue(models.Model):
    """A page that a subscriber knows, with the fingerprint of the contents last announced to it."""

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="connues")
    page = models.PositiveBigIntegerField()
    nature = models.CharField(max_length=20)
    slug = models.CharField(max_length=255)
    empreinte = models.CharField(max_length=32, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["webhook", "page"], name="diffusion_connue_une_fois")]
        indexes = [models.Index(fields=["page"], name="diffusion_connue_page")]

    def __str__(self) -> Any:
        return f"{self.nature} {self.page}"


class LivraisonQuerySet(models.QuerySet):
    def pending(self) -> models.QuerySet:
        """Messages that are due, or claimed by a worker that died; not those of a paused webhook, except tests."""
        due = self.filter(
            etat__in=[EtatDeLivraison.A_ENVOYER, EtatDeLivraison.EN_COURS], prochain_essai__lte=timezone.now()
        )
        return due.filter(models.Q(webhook__actif=True) | models.Q(page__isnull=True))


class Livraison(models.Model):
    """One message to one subscriber. Its body is composed when it is sent, so that no content of a withdrawn fiche is stored."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="livraisons")
    evenement = models.CharField(_("event"), max_length=40)
    page = models.PositiveBigIntegerField(null=True)
    slug = models.CharField(_("address name"), max_length=255, blank=True)
    etat = models.CharField(
        _("state"), max_length=10, choices=EtatDeLivraison.choices, default=EtatDeLivraison.A_ENVOYER
    )
    tentatives = models.PositiveSmallIntegerField(_("tries"), default=0)
    prochain_essai = models.DateTimeField(_("next try"), default=timezone.now)
    statut = models.PositiveSmallIntegerField(_("HTTP status"), null=True)
    duree = models.PositiveIntegerField(_("milliseconds"), null=True)
    reponse = models.CharField(_("answer"), max_length=500, blank=True)
    erreur = models.CharField(_("error"), max_length=200, blank=True)
    cree_le = models.DateTimeField(_("since"), default=timezone.now, db_index=True)
    envoye_le = models.DateTimeField(_("last try"), null=True)

    objects = LivraisonQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("webhook message")
        verbose_name_plural = _("webhook messages")
        indexes = [
            models.Index(fields=["etat", "prochain_essai"], name="diffusion_livraisons_dues"),
            models.Index(fields=["webhook", "page"], name="diffusion_livraisons_page"),
        ]

    def __str__(self) -> str:
        return f"msg_{self.uid.hex}"
