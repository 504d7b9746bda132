"""Receivers of Wagtail's signals: write in the history of a dossier what happens to its fiche, and mail the applicant."""

from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import transaction
from django.db.models import Case, When
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from wagtail.models import Page, TaskState, WorkflowState
from wagtail.signals import page_published, page_unpublished, task_rejected, workflow_approved

from fiches.candidatures.consentements import granted, hide_withdrawn_details
from fiches.candidatures.dossier_transitions import last_state, locked, record_state
from fiches.candidatures.enums import OFFLINE, Etat
from fiches.candidatures.forms import reasons_text
from fiches.candidatures.mails import mail_applicant
from fiches.candidatures.models import Dossier
from fiches.candidatures.pieces import publish_pictures
from fiches.candidatures.progress import changed_fields
from fiches.candidatures.team_messages import proof_notice
from fiches.content_language import in_default_language
from fiches.mail import outbox
from fiches.models import FichePage
from fiches.models.fiche import fiche_models
from fiches.moderation.decision import DecisionRefused, FicheSource, register_source
from fiches.moderation.inverse_acts import review_resumed


def locked_dossier_of(page: Page) -> Dossier | None:
    """Returns the dossier of a fiche, with its row locked; None for any other object."""
    if not isinstance(page, Page):
        return None
    dossier = Dossier.objects.filter(fiche_id=page.pk).first()
    return locked(dossier) if dossier else None


def _source_dossier(page: Page) -> Dossier | None:
    """Returns the dossier of a fiche, or of the fiche that it translates or is an alias of; None for any other page."""
    keys = Page.objects.filter(pk__in=[page.pk, page.alias_of_id]).values("translation_key")
    candidates = Dossier.objects.filter(fiche__translation_key__in=keys)
    return candidates.order_by(Case(When(fiche_id=page.pk, then=0), default=1), "pk").first()


def dossier_address(fiche: FichePage, user: AbstractUser) -> str | None:
    """The address of the screen of the dossier from which a fiche was made, for users who may see it."""
    if not user.has_perm("rallynov_candidatures.view_dossier"):
        return None
    pk = Dossier.objects.sent().filter(fiche=fiche.pk).values_list("pk", flat=True).first()
    return reverse("dossiers:detail", args=[pk]) if pk else None


class Dossiers(FicheSource):
    """The dossiers from which fiches are made."""

    def obstacle(self, page: Page) -> str | None:
        return publication_obstacle(page)

    def notice(self, fiche: Page) -> str | None:
        return proof_notice(fiche)

    def address(self, fiche: Page, user: AbstractUser) -> str | None:
        return dossier_address(fiche, user)


def connect() -> None:
    """Called once, when Django starts."""
    register_source(Dossiers())
    for model in fiche_models():
        page_published.connect(on_published, sender=model, dispatch_uid="candidatures_published")
        page_unpublished.connect(on_unpublished, sender=model, dispatch_uid="candidatures_unpublished")
    review_resumed.connect(on_review_resumed, dispatch_uid="candidatures_review_resumed")
    task_rejected.connect(on_rejected, dispatch_uid="candidatures_task_rejected")
    workflow_approved.connect(on_approved, dispatch_uid="candidatures_workflow_approved")


def _prevents_publication(dossier: Dossier) -> bool:
    return bool(dossier.clos) or "publication" not in granted(dossier)


def publication_obstacle(page: Page) -> str | None:
    """Returns why the dossier of a fiche prevents its publication, and what to do, in words; None if nothing prevents it."""
    dossier = _source_dossier(page)
    if dossier is None or not _prevents_publication(dossier):
        return None
    if dossier.clos:
        return _(
            "This dossier is refused or withdrawn: the fiche stays off the site. To put it back in review, reopen the dossier."
        )
    return _(
        "The company does not agree, or no longer agrees, to be published: the fiche stays off the site. To ask it again, "
        "open its dossier and ask for a correction of that agreement."
    )


@transaction.atomic(savepoint=False)
@in_default_language
def on_published(sender: type, instance: FichePage, **kwargs: Any) -> None:
    """Marks the dossier of a published fiche as published, publishes its pictures, and mails the applicant.

    Unpublishes the fiche if its dossier does not allow publication, and hides the details whose consent was withdrawn.
    """
    if not instance.live:
        return  # Wagtail also sends this signal when publication is scheduled
    source = _source_dossier(instance)
    if source is None:
        return
    if _prevents_publication(source):
        instance.unpublish()  # whoever published it: its company does not agree
        return
    if source.fiche_id != instance.pk:
        hide_withdrawn_details(instance, source)
        return
    dossier = locked(source)
    publish_pictures(instance)
    if last_state(dossier) != Etat.PUBLIE:
        dossier.a_corriger = []
        record_state(dossier, Etat.PUBLIE, fields=["a_corriger"])
        mail_applicant(dossier, "publie", adresse=instance.full_url or "")
    hide_withdrawn_details(instance, dossier)


@transaction.atomic
@in_default_language
def on_unpublished(sender: type, instance: FichePage, **kwargs: Any) -> None:
    """Marks the dossier as no longer published. The mail of the publication, if it waits, does not leave."""
    dossier = locked_dossier_of(instance)
    if dossier is not None and last_state(dossier) == Etat.PUBLIE:
        record_state(dossier, Etat.APPROUVE, message=OFFLINE)
        outbox.take_back(dossier, modeles=["publie"])


@transaction.atomic
def on_rejected(sender: type, instance: TaskState, user: AbstractUser | None = None, **kwargs: Any) -> None:
    """Asks the applicant for corrections when a task is rejected in Wagtail's moderation; the reason is the comment."""
    dossier = locked_dossier_of(instance.workflow_state.content_object)
    if dossier is None or dossier.clos or dossier.fiche.live:
        return
    raison = instance.comment or _("The staff will tell you what to correct.")
    if raison == reasons_text(dossier.a_corriger):
        return  # asked for on the dossier's screen
    dossier.a_corriger = [{"champ": "", "raison": raison}]
    record_state(dossier, Etat.CORRECTIONS_DEMANDEES, auteur=user, texte=raison, fields=["a_corriger"])
    mail_applicant(dossier, "corrections", raisons=reasons_text(dossier.a_corriger))


@transaction.atomic
def on_approved(sender: type, instance: WorkflowState, user: AbstractUser | None = None, **kwargs: Any) -> None:
    """Marks a dossier as approved, if its fiche is not online yet: scheduled, or waiting for the proof."""
    dossier = locked_dossier_of(instance.content_object)
    if dossier is None or dossier.clos or dossier.fiche.live:
        return
    dossier.a_corriger = []
    record_state(dossier, Etat.APPROUVE, fields=["a_corriger"])


@in_default_language
def on_review_resumed(sender: type, instance: FichePage, user: AbstractUser, **kwargs: Any) -> None:
    """Moves the dossier back with its fiche. A request for corrections is taken back, with its mail if it waits.

    :raises DecisionRefused: the company has begun to correct.
    """
    dossier = locked_dossier_of(instance)
    if dossier is None:
        return
    message, is_told = gettext_noop("The fiche is read again before it is published"), True
    if dossier.a_corriger:
        if changed_fields(dossier):
            raise DecisionRefused(
                _("The company has begun to correct its dossier: it sends it again. Nothing is changed.")
            )
        message = gettext_noop("The team no longer asks for these corrections, and reads the dossier again")
        is_told = bool(outbox.take_back(dossier, modeles=["corrections"]))
        dossier.a_corriger = []
    elif last_state(dossier) != Etat.APPROUVE:
        return
    record_state(dossier, Etat.EN_RELECTURE, auteur=user, message=message, fields=["a_corriger"])
    if not is_told:
        mail_applicant(dossier, "relecture")
