"""The dossier of one organisation, the changes of its answers, its links and its history."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from fiches.candidatures.enums import EDITABLE, OVER, WITH_STAFF, Etat, Usage


class DossierQuerySet(models.QuerySet):
    def sent(self) -> "DossierQuerySet":
        return self.exclude(etat=Etat.BROUILLON)

    def unsent(self) -> Any:
        return self.filter(etat=Etat.BROUILLON)

    def alive(self) -> Any:
        """Neither refused nor withdrawn."""
        return self.exclude(etat__in=OVER)

    def waiting_for_staff(self) -> models.QuerySet:
        return self.filter(etat__in=WITH_STAFF)

    def late(self) -> models.QuerySet:
        """With the staff for longer than their call's delay."""
        return self.waiting_for_staff().filter(echeance__lt=timezone.now())

    def of(self, courriel: str) -> Any:
        """Those begun from this address."""
        return self.filter(courriel=courriel)

    def opened_to(self, courriel: str) -> models.QuerySet:
        """Those whose links may be mailed to this address: its own, without the withdrawn ones."""
        return self.of(courriel).exclude(etat=Etat.RETIRE)


class Dossier(models.Model):
    """One application. ``reponses`` is ``{field: answer as typed}``, cleaned of invisible characters."""

    appel = models.ForeignKey(
        "rallynov_candidatures.Appel",
        verbose_name=_("call"),
        null=True,
        on_delete=models.PROTECT,
        related_name="dossiers",
    )
    numero = models.CharField(_("number"), max_length=20, unique=True, null=True, editable=False)
    courriel = models.EmailField(_("e-mail"), db_index=True)
    langue = models.CharField(max_length=12, blank=True, editable=False)
    etat = models.CharField(_("state"), max_length=24, choices=Etat.choices, default=Etat.BROUILLON, db_index=True)
    depuis = models.DateTimeField(_("since"), default=timezone.now)
    echeance = models.DateTimeField(_("due"), null=True, blank=True, db_index=True)
    reponses = models.JSONField(_("answers"), default=dict)
    revision = models.PositiveIntegerField(default=0)
    a_corriger = models.JSONField(_("to correct"), default=list)
    organisation = models.CharField(_("organisation"), max_length=200, blank=True)
    titre = models.CharField(_("innovation"), max_length=255, blank=True)
    siret = models.CharField(_("SIRET"), max_length=14, blank=True, db_index=True)
    code_insee = models.CharField(_("INSEE code"), max_length=5, blank=True, db_index=True)
    responsable = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("assignee"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="dossiers",
    )
    fiche = models.OneToOneField(
        "rallynov_fiches.FichePage", null=True, blank=True, on_delete=models.SET_NULL, related_name="dossier"
    )
    signalement = models.ForeignKey(
        "rallynov_candidatures.Signalement", null=True, blank=True, on_delete=models.SET_NULL, related_name="dossiers"
    )
    exemple = models.BooleanField(_("example"), default=False)
    cree = models.DateTimeField(_("begun"), default=timezone.now)
    modifie = models.DateTimeField(pgettext_lazy("date of a dossier", "changed"), default=timezone.now)
    soumis = models.DateTimeField(_("sent on"), null=True, blank=True)

    # When a refusal was decided that its company does not read yet, see `fiches.candidatures.pending_closure`.
    fermeture: datetime | None = None

    messages = GenericRelation("rallynov_fiches.Courriel", content_type_field="sujet_type", object_id_field="sujet_id")

    objects = DossierQuerySet.as_manager()

    class Meta:
        ordering = [F("soumis").desc(nulls_last=True), "-pk"]
        verbose_name = _("dossier")
        verbose_name_plural = _("dossiers")

    def __str__(self) -> str:
        return self.organisation or self.numero or str(_("dossier begun"))

    @property
    def histoire_lisible(self) -> models.QuerySet:
        """The lines of history that the applicant reads."""
        lines = self.evenements.filter(interne=False)
        return lines.exclude(etat__in=OVER, date__gte=self.fermeture) if self.fermeture else lines

    @property
    def est_modifiable(self) -> bool:
        return self.etat in EDITABLE

    @property
    def est_clos(self) -> bool:
        return self.etat in OVER

    @property
    def en_retard(self) -> bool:
        return self.etat in WITH_STAFF and self.echeance is not None and self.echeance < timezone.now()

    @property
    def age(self) -> int:
        """Whole days in the present state."""
        return (timezone.now() - self.depuis).days

    @cached_property
    def raisons(self) -> Any:
        """``{field: [reason]}`` of the corrections asked for; ``""`` is the dossier as a whole."""
        by_field: dict[str, list[str]] = {}
        for item in self.a_corriger:
            by_field.setdefault(item["champ"], []).append(item["raison"])
        return by_field


class Modification(models.Model):
    """A change of one answer. One that lost a conflict with another writer is stored with ``en_conflit``, and not applied."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="modifications")
    revision = models.PositiveIntegerField()
    champ = models.CharField(max_length=60)
    avant = models.JSONField(_("former answer"), null=True)
    apres = models.JSONField(_("new answer"), null=True)
    en_conflit = models.BooleanField(
        default=False, help_text=_("Somebody else's text was newer: this one was kept here, and not applied.")
    )
    # The page that sent it: see `Sending`.
    ecran = models.CharField(max_length=32, blank=True, editable=False)
    date = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["revision", "pk"]
        verbose_name = _("change of a dossier’s answer")
        indexes = [models.Index(fields=["dossier", "champ", "revision"], name="candidatures_modif")]


class JetonQuerySet(models.QuerySet):
    def valid(self) -> models.QuerySet:
        return self.filter(revoque__isnull=True, expire__gt=timezone.now())

    def invalid(self) -> Any:
        return self.filter(Q(revoque__isnull=False) | Q(expire__lte=timezone.now()))


def expiry() -> datetime:
    return timezone.now() + timedelta(days=getattr(settings, "RALLYNOV_LINK_DAYS", 365))


class Jeton(models.Model):
    """The secret of a link. Only its fingerprint (SHA-256) is stored."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="jetons")
    usage = models.CharField(max_length=12, choices=Usage.choices, default=Usage.DOSSIER)
    empreinte = models.CharField(max_length=64, unique=True)
    cree = models.DateTimeField(default=timezone.now)
    expire = models.DateTimeField(default=expiry)
    revoque = models.DateTimeField(null=True, blank=True)

    objects = JetonQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]


class Evenement(models.Model):
    """A line of a dossier's history. The applicant doesn't see one that is ``interne``.

    ``texte`` is what the staff read. A line written by the site also stores its message id and values, to be translated. ``cle``
    identifies a text that was sent from a form (`fiches.forms.submission_key`).
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="evenements")
    date = models.DateTimeField(default=timezone.now)
    etat = models.CharField(max_length=24, choices=Etat.choices, blank=True)
    texte = models.TextField(_("text"), blank=True)
    message = models.CharField(_("text"), max_length=200, blank=True, editable=False)
    valeurs = models.JSONField(_("details"), default=dict, editable=False)
    interne = models.BooleanField(default=False)
    cle = models.UUIDField(null=True, unique=True, editable=False)
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL)

    class Meta:
        ordering = ["date", "pk"]
        verbose_name = _("line of a dossier’s history")
