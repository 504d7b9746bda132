"""Models of this app: the webhooks' subscribers, the messages sent to them, and the loads of the embeds."""

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.panels import FieldPanel

from fiches.http import AddressError, check_address


class Webhook(models.Model):
    """A subscriber's address, which receives a message when a page is published, changed or withdrawn.

    The signing secret isn't stored: it is derived from ``sel`` and ``SECRET_KEY``, so that a stolen database can't sign.
    ``sequence`` and ``vu_le``: the last change of the register that it was told of.
    """

    nom = models.CharField(_("name"), max_length=120, help_text=_("Whose site it is."))
    adresse = models.URLField(_("address"), max_length=500, help_text=_("Where to post: https only."))
    actif = models.BooleanField(
        _("active"), default=True, help_text=_("What changes during a pause is told when it is active again.")
    )
    motif = models.CharField(_("why it is paused"), max_length=200, blank=True, editable=False)
    echecs = models.PositiveIntegerField(_("failures in a row"), default=0, editable=False)
    sel = models.CharField(max_length=64, editable=False)
    sequence = models.PositiveBigIntegerField(default=0, editable=False)
    vu_le = models.DateTimeField(default=timezone.now, editable=False)

    panels = [FieldPanel("nom"), FieldPanel("adresse"), FieldPanel("actif")]

    class Meta:
        ordering = ["nom", "pk"]
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")

    def __str__(self) -> str:
        return self.nom

    def clean(self) -> None:
        super().clean()
        try:
            check_address(self.adresse)
        except AddressError as error:
            raise ValidationError({"adresse": str(error)}) from None


class EtatDeLivraison(models.TextChoices):
    A_ENVOYER = "a_envoyer", _("to be sent")
    LIVREE = "livree", pgettext_lazy("delivery", "delivered")
    ABANDONNEE = "abandonnee", pgettext_lazy("delivery", "given up")


class Livraison(models.Model):
    """One message to one subscriber. Its body is composed when it is sent, so that no content of a withdrawn page is stored.

    ``page`` is None in a test message.
    """

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
    erreur = models.CharField(_("error"), max_length=200, blank=True)
    cree_le = models.DateTimeField(_("since"), default=timezone.now, db_index=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("webhook message")
        verbose_name_plural = _("webhook messages")
        indexes = [
            models.Index(fields=["etat", "prochain_essai"], name="diffusion_livraisons_dues"),
        ]

    def __str__(self) -> str:
        return f"msg_{self.uid.hex}"


class Chargement(models.Model):
    """Number of loads of one embed in the pages of one site on one day. Holds no personal data.

    Only ``fiches.diffusion.embeds.reach`` writes it.
    """

    jour = models.DateField(_("day"))
    hote = models.CharField(
        _("site"),
        max_length=253,
        blank=True,
        help_text="Its host name; blank: not told.",
    )
    nature = models.SlugField(_("embed"), max_length=20, db_index=False)
    question = models.CharField(_("question"), max_length=300, blank=True)
    nombre = models.PositiveIntegerField(_("loads"), default=0)

    class Meta:
        verbose_name = _("loads of an embed")
        verbose_name_plural = _("loads of the embeds")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["jour", "hote", "nature", "question"], name="diffusion_one_count_an_embed_site_and_day"
            )
        ]
        indexes = [models.Index(fields=["hote", "jour"], name="diffusion_loads_by_site")]

    def __str__(self) -> Any:
        return f"{self.jour} {self.hote or '–'} {self.nature}"
