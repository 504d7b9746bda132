"""The outbox of mails, the staff's own wordings of them, and subscriptions by mail."""

from types import ModuleType
from typing import Any
from uuid import uuid4

from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, HelpPanel
from wagtail.models import PreviewableMixin

from fiches.models.enums import Envoi


class CourrielQuerySet(models.QuerySet):
    def pending(self) -> models.QuerySet:
        """The mails to send now, including those that a worker took and did not finish in time."""
        return self.leaving().filter(prochain_essai__lte=timezone.now())

    def leaving(self) -> Any:
        """The mails that will leave, now, later or after a failure."""
        return self.filter(etat__in=[Envoi.A_ENVOYER, Envoi.EN_COURS])

    def waiting(self) -> Any:
        """The mails that no worker has tried to send yet."""
        return self.filter(etat=Envoi.A_ENVOYER, tentatives=0)

    def unsent(self) -> Any:
        """The mails that no worker has tried to send yet, those that staff stopped among them."""
        return self.waiting() | self.filter(etat=Envoi.ARRETE)

    def about(self, sujet: models.Model) -> Any:
        """The mails about one object."""
        return self.concerning(type(sujet), [sujet.pk])

    def concerning(self, model: type, pks: list[int] | models.QuerySet) -> Any:
        """The mails about these objects of ``model``."""
        return self.filter(sujet_type=ContentType.objects.get_for_model(model), sujet_id__in=pks)


class Courriel(models.Model):
    """A mail to send once. ``cle`` identifies the event that it reports: the same event is never mailed twice.

    Secrets of links are not stored here: they are made when the mail is sent. A model whose mails are to be deleted with it
    declares a ``GenericRelation`` to this one.
    """

    cle = models.CharField(max_length=120, unique=True)
    modele = models.CharField(max_length=40)
    sujet_type = models.ForeignKey(ContentType, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    sujet_id = models.PositiveBigIntegerField(null=True, blank=True)
    sujet = GenericForeignKey("sujet_type", "sujet_id")
    destinataires = models.JSONField(default=list)
    contexte = models.JSONField(default=dict)
    etat = models.CharField(max_length=10, choices=Envoi.choices, default=Envoi.A_ENVOYER)
    tentatives = models.PositiveSmallIntegerField(default=0)
    prochain_essai = models.DateTimeField(default=timezone.now)
    message_id = models.CharField(max_length=120)
    erreur = models.CharField(max_length=80, blank=True)
    cree = models.DateTimeField(default=timezone.now)
    envoye = models.DateTimeField(null=True, blank=True)

    objects = CourrielQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["etat", "prochain_essai"], name="fiches_outbox"),
            models.Index(fields=["sujet_type", "sujet_id"], name="fiches_outbox_subject"),
        ]

    # The module `fiches.mail.wordings`, set when Django starts: it names the mails.
    wordings: ModuleType

    def __str__(self) -> str:
        return self.wordings.title_of(self.modele)

    @property
    def va_partir(self) -> bool:
        return self.etat in {Envoi.A_ENVOYER, Envoi.EN_COURS}

    @property
    def est_du(self) -> bool:
        """Whether the worker may send it now."""
        return self.prochain_essai <= timezone.now()


class WordingForm(WagtailAdminModelForm):
    """Shows the default wording of a mail as long as staff have no other."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["objet"], self.initial["texte"] = self.instance.present_wording()


class ModeleDeCourriel(PreviewableMixin, models.Model):
    """The staff's own wording of one mail, which replaces the default wording of `fiches.mail.wordings`; empty as long as the mail
    has its default wording. The rows are made by ``post_migrate``."""

    # The module `fiches.mail.wordings`, set when Django starts: it lists the mails and the variables of each.
    wordings: ModuleType

    cle = models.CharField(_("mail"), max_length=40, primary_key=True)
    objet = models.CharField(_("subject"), max_length=150, blank=True)
    texte = models.TextField(
        _("text"),
        blank=True,
        help_text=_("The words in braces are filled in for each mail. Empty, it is the default text."),
    )

    panels = [FieldPanel("objet"), FieldPanel("texte"), HelpPanel(template="fiches/admin/champs_du_courriel.html")]
    base_form_class = WordingForm

    class Meta:
        ordering = ["cle"]
        verbose_name = _("mail text")
        verbose_name_plural = _("mail texts")

    def __str__(self) -> Any:
        return self.wordings.title_of(self.cle)

    def clean(self) -> None:
        super().clean()
        self.texte = "\n".join(self.texte.splitlines())  # a browser sends \r\n, which would hide the paragraphs
        self.objet, self.texte = self.present_wording()
        errors = self.wordings.check_wording(self.cle, objet=self.objet, texte=self.texte)
        if errors:
            raise ValidationError(errors)
        if (self.objet, self.texte) == self.wordings.default_wording(self.cle):
            self.objet = self.texte = ""

    def present_wording(self) -> tuple[str, str]:
        """The subject and the text that the mail has; the default ones for what is empty."""
        if self.cle not in self.wordings.LETTERS:
            return self.objet, self.texte
        objet, texte = self.wordings.default_wording(self.cle)
        return self.objet.strip() or objet, self.texte.strip() or texte

    def present_subject(self) -> str:
        return self.present_wording()[0]

    def is_changed(self) -> bool:
        """Whether staff wrote the wording."""
        return bool(self.texte)

    @property
    def champs(self) -> list[Any]:
        """The fields that may stand in the mail: see `fiches.mail.wordings.places_of`."""
        return self.wordings.places_of(self.cle)

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        return "fiches/admin/apercu_courriel.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> Any:
        objet, texte = self.present_wording()
        return self.wordings.sample(self.cle, objet=objet, texte=texte)


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
