"""Registrations for étapes. Private: in no page, API, feed, search index or revision; deleted some days after the étape."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from etapes.enums import EtatInscription


class InscriptionQuerySet(models.QuerySet):
    def confirmed(self) -> models.QuerySet:
        """Registrations that have a place."""
        return self.filter(etat=EtatInscription.CONFIRMEE)

    def waiting(self) -> Any:
        """Registrations on the waiting list, in the order of their requests."""
        return self.filter(etat=EtatInscription.ATTENTE).order_by("demandee_le", "pk")

    def active(self) -> models.QuerySet:
        """Registrations that are not cancelled."""
        return self.exclude(etat=EtatInscription.ANNULEE)

    def arrived(self) -> models.QuerySet:
        return self.filter(arrivee_le__isnull=False)


class Inscription(models.Model):
    """One person's registration. Only `inscriptions.registration_transitions` writes ``etat``.

    ``cle`` is in the QR code that is scanned at the door, whose address answers to organisers only, and, signed, in the link of
    the person's mails (`inscriptions.mails`). ``rendez_vous`` is the fingerprint of the date and place that the person
    was last told of (`inscriptions.change_mails`). ``langue`` is the language of the page where they registered, used for their mails
    and the links in them.
    """

    wagtail_reference_index_ignore = True

    etape = models.ForeignKey("rallynov_etapes.EtapePage", on_delete=models.CASCADE, related_name="inscrits")
    cle = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    nom = models.CharField(_("name"), max_length=120)
    courriel = models.EmailField(_("e-mail"), blank=True)
    organisation = models.CharField(_("organisation"), max_length=200, blank=True)
    besoins = models.TextField(_("accessibility needs"), max_length=1000, blank=True)
    etat = models.CharField(_("state"), max_length=10, choices=EtatInscription.choices)
    demandee_le = models.DateTimeField(_("asked on"), default=timezone.now)
    confirmee_le = models.DateTimeField(null=True, blank=True)
    annulee_le = models.DateTimeField(null=True, blank=True)
    arrivee_le = models.DateTimeField(_("came at"), null=True, blank=True)
    rendez_vous = models.CharField(max_length=64, blank=True)
    langue = models.CharField(max_length=12, blank=True, editable=False)
    accord = models.TextField(_("consent"), blank=True)
    accord_le = models.DateTimeField(null=True, blank=True)
    ajoutee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    courriels = GenericRelation("rallynov_fiches.Courriel", "sujet_id", "sujet_type")

    objects = InscriptionQuerySet.as_manager()

    class Meta:
        ordering = ["demandee_le", "pk"]
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        constraints = [
            models.UniqueConstraint(
                fields=["etape", "courriel"], condition=~Q(courriel=""), name="etapes_inscription_once"
            )
        ]
        indexes = [models.Index(fields=["etape", "etat"], name="etapes_inscription_places")]

    def __str__(self) -> Any:
        return self.nom

    @property
    def confirmee(self) -> bool:
        return self.etat == EtatInscription.CONFIRMEE

    @property
    def en_attente(self) -> bool:
        return self.etat == EtatInscription.ATTENTE

    @property
    def annulee(self) -> bool:
        return self.etat == EtatInscription.ANNULEE
