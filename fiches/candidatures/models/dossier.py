"""The dossier of one organisation, the changes of its answers, its links and its history."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.models import TaskState, WorkflowState, get_default_page_content_type

from fiches.candidatures.enums import EDITABLE, OVER, WITH_STAFF, Etat

# Days after which a dossier that waits for the staff is late.
DELAY = 10


class DossierQuerySet(models.QuerySet):
    def with_etat(self) -> Any:
        """Annotates each dossier with ``etat``: what the dossier stores (not sent, to be corrected, closed), then what its fiche's
        page and the last review of that page say."""
        reviews = WorkflowState.objects.filter(
            base_content_type=get_default_page_content_type(), object_id=Cast(OuterRef("fiche"), models.CharField())
        )
        passed = TaskState.objects.filter(workflow_state=OuterRef("pk"), status=TaskState.STATUS_APPROVED)
        running = reviews.filter(status=WorkflowState.STATUS_IN_PROGRESS)
        last = Subquery(reviews.order_by("-pk").values("status")[:1])
        approved = Q(_review=WorkflowState.STATUS_APPROVED) | Q(fiche__first_published_at__isnull=False)
        states = Case(
            When(~Q(clos=""), then=F("clos")),
            When(soumis=None, then=Value(Etat.BROUILLON)),
            When(fiche__live=True, then=Value(Etat.PUBLIE)),
            When(~Q(a_corriger=[]), then=Value(Etat.CORRECTIONS_DEMANDEES)),
            When(Exists(running.filter(Exists(passed))), then=Value(Etat.EN_RELECTURE)),
            When(Exists(running), then=Value(Etat.RECU)),
            When(approved, then=Value(Etat.APPROUVE)),
            default=Value(Etat.RECU),
            output_field=models.CharField(),
        )
        return self.alias(_review=last).annotate(etat=states)

    def sent(self) -> "DossierQuerySet":
        """Those that the staff may read; a draft that its applicant withdrew is not among them."""
        return self.filter(soumis__isnull=False)

    def unsent(self) -> Any:
        return self.filter(soumis=None, clos="")

    def alive(self) -> Any:
        """Neither refused nor withdrawn."""
        return self.filter(clos="")

    def waiting_for_staff(self) -> Any:
        return self.with_etat().filter(etat__in=WITH_STAFF)

    def late(self) -> models.QuerySet:
        """With the staff for :data:`DELAY` days or more."""
        return self.waiting_for_staff().filter(depuis__lt=timezone.now() - timedelta(days=DELAY))

    def of(self, courriel: str) -> Any:
        """Those begun from this address."""
        return self.filter(courriel=courriel)

    def opened_to(self, courriel: str) -> models.QuerySet:
        """Those whose links may be mailed to this address: its own, without the withdrawn ones."""
        return self.of(courriel).exclude(clos=Etat.RETIRE)


class Dossier(models.Model):
    """One application. ``reponses`` is ``{field: answer as typed}``, cleaned of invisible characters.

    It stores when it was sent (``soumis``), what is to be corrected (``a_corriger``), how it ended (``clos``) and since when it is in its
    state (``depuis``). The state itself is read: see :meth:`DossierQuerySet.with_etat`.
    """

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
    clos = models.CharField(
        max_length=24, choices=[(etat, etat.label) for etat in Etat if etat in OVER], default="", blank=True
    )
    depuis = models.DateTimeField(_("since"), default=timezone.now)
    reponses = models.JSONField(_("answers"), default=dict)
    revision = models.PositiveIntegerField(default=0)
    a_corriger = models.JSONField(_("to correct"), default=list)
    organisation = models.CharField(_("organisation"), max_length=200, blank=True)
    titre = models.CharField(_("innovation"), max_length=255, blank=True)
    siret = models.CharField(_("SIRET"), max_length=14, blank=True, db_index=True)
    code_insee = models.CharField(_("INSEE code"), max_length=5, blank=True, db_index=True)
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

    # When a refusal was decided that its company does not read yet, see `fiches.candidatures.dossier_transitions`.
    fermeture: datetime | None = None

    messages = GenericRelation("rallynov_fiches.Courriel", content_type_field="sujet_type", object_id_field="sujet_id")

    objects = DossierQuerySet.as_manager()

    class Meta:
        ordering = [F("soumis").desc(nulls_last=True), "-pk"]
        verbose_name = _("dossier")
        verbose_name_plural = _("dossiers")

    def __str__(self) -> str:
        return self.organisation or self.numero or str(_("dossier begun"))

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        self.__dict__.pop("etat", None)
        super().refresh_from_db(*args, **kwargs)

    @cached_property
    def etat(self) -> str:
        """The state of the dossier, an :class:`Etat`. One query, unless the dossier was read with it."""
        return type(self).objects.with_etat().values_list("etat", flat=True).get(pk=self.pk)

    def get_etat_display(self) -> str:
        return str(Etat(self.etat).label)

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
        return self.etat in WITH_STAFF and self.age >= DELAY

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
    """One change of one answer: the values before and after, and the dossier's revision that it made."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="modifications")
    revision = models.PositiveIntegerField()
    champ = models.CharField(max_length=60)
    avant = models.JSONField(_("former answer"), null=True)
    apres = models.JSONField(_("new answer"), null=True)
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
    empreinte = models.CharField(max_length=64, unique=True)
    cree = models.DateTimeField(default=timezone.now)
    expire = models.DateTimeField(default=expiry)
    revoque = models.DateTimeField(null=True, blank=True)

    objects = JetonQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]


class Evenement(models.Model):
    """A line of a dossier's history. The applicant doesn't see one that is ``interne``.

    ``texte`` is what the staff read. A line written by the site also stores its message id and values, to be translated. ``epreuve``
    is the revision of the fiche that the company was asked to read, or agreed to.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="evenements")
    date = models.DateTimeField(default=timezone.now)
    etat = models.CharField(max_length=24, choices=Etat.choices, blank=True)
    texte = models.TextField(_("text"), blank=True)
    message = models.CharField(_("text"), max_length=200, blank=True, editable=False)
    valeurs = models.JSONField(_("details"), default=dict, editable=False)
    interne = models.BooleanField(default=False)
    epreuve = models.ForeignKey("wagtailcore.Revision", null=True, on_delete=models.SET_NULL, related_name="+")
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL)

    class Meta:
        ordering = ["date", "pk"]
        verbose_name = _("line of a dossier’s history")
