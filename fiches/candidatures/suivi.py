"""A dossier follows its fiche: what moderation decides in Wagtail is told to the applicant."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Case, F, When
from django.db.models.signals import post_save
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from wagtail.models import Page
from wagtail.signals import page_published, page_unpublished, task_approved, task_rejected, workflow_approved

from fiches.candidatures.bon_a_tirer import awaited
from fiches.candidatures.consentements import granted, keep_withdrawn
from fiches.candidatures.enums import OVER, WITH_STAFF, Etat
from fiches.candidatures.historique import locked, move
from fiches.candidatures.models import Appel, Dossier
from fiches.candidatures.pieces import publish_pictures
from fiches.candidatures.raisons import reasons_text
from fiches.langues import in_default_language
from fiches.mail import outbox
from fiches.models import FichePage
from fiches.moderation.decision import register_notice, register_obstacle
from fiches.pages.copies import copies_of


def dossier_of(page):
    """The dossier of a fiche, its row held; None for anything that no dossier made."""
    if not isinstance(page, Page):
        return None
    found = Dossier.objects.filter(fiche_id=page.pk).first()
    return locked(found) if found else None


def _dossier_behind(page):
    """The dossier of a fiche, or of the one that it translates or was copied from; None for any other page."""
    behind = Dossier.objects.filter(fiche__translation_key=page.translation_key)
    found = behind.order_by(Case(When(fiche_id=page.pk, then=0), default=1), "pk").first()
    if found or not isinstance(page, FichePage):
        return found
    same = Dossier.objects.filter(fiche__organisation=page.organisation)
    return same.filter(fiche__in=copies_of(page)).order_by("pk").first() if same.exists() else None


def connect():
    register_obstacle(not_to_be_published)
    register_notice(awaited)
    post_save.connect(delay_set, sender=Appel, dispatch_uid="candidatures_delay")
    page_published.connect(published, sender=FichePage, dispatch_uid="candidatures_published")
    page_unpublished.connect(unpublished, sender=FichePage, dispatch_uid="candidatures_unpublished")
    task_approved.connect(approved_by_one, dispatch_uid="candidatures_task_approved")
    task_rejected.connect(rejected, dispatch_uid="candidatures_task_rejected")
    workflow_approved.connect(approved, dispatch_uid="candidatures_workflow_approved")


def delay_set(sender, instance, raw=False, **kwargs):
    """The delay of a call holds for the dossiers that wait already."""
    if not raw:
        due = F("depuis") + timedelta(days=instance.delai)
        instance.dossiers.waiting_for_staff().update(echeance=due)


def _keeps_off(dossier):
    return dossier.etat in OVER or "publication" not in granted(dossier)


def not_to_be_published(page):
    """Why the dossier behind a fiche keeps it off the site, and what to do, in words; None when it doesn't."""
    dossier = _dossier_behind(page)
    if dossier is None or not _keeps_off(dossier):
        return None
    if dossier.fusionne_dans_id:
        return _(
            "This dossier was joined to another: its fiche stays off the site. Go on with the other dossier’s fiche."
        )
    if dossier.etat in OVER:
        return {
            Etat.RETIRE: _(
                "The company withdrew its dossier: the fiche stays off the site. If the company changes its mind, it sends a "
                "new dossier."
            ),
            Etat.REFUSE: _(
                "This dossier is refused: the fiche stays off the site. If this is a mistake, undo the refusal within ten "
                "minutes, or invite the company to send a new dossier."
            ),
        }[dossier.etat]
    return _(
        "The company does not agree, or no longer agrees, to be published: the fiche stays off the site. To ask it again, "
        "open its dossier and ask for a correction of that agreement."
    )


@transaction.atomic(savepoint=False)
@in_default_language
def published(sender, instance, **kwargs):
    if not instance.live:
        return  # Wagtail sends this signal too for what is to be published at a later date
    behind = _dossier_behind(instance)
    if behind is None:
        return
    if _keeps_off(behind):
        instance.unpublish()  # whoever put it online: its company doesn't agree, or no longer
        return
    if behind.fiche_id != instance.pk:
        keep_withdrawn(instance, behind)
        return
    dossier = locked(behind)
    publish_pictures(instance)
    if dossier.etat != Etat.PUBLIE:
        dossier.a_corriger = []
        move(dossier, Etat.PUBLIE, fields=["a_corriger"])
        adresse = instance.full_url or ""
        _tell(dossier, "publie", {"adresse": adresse})
    keep_withdrawn(instance, dossier)  # last: it publishes anew, and comes here again


@transaction.atomic
@in_default_language
def unpublished(sender, instance, **kwargs):
    dossier = dossier_of(instance)
    if dossier is not None and dossier.etat == Etat.PUBLIE:
        move(dossier, Etat.APPROUVE, message=gettext_noop("The fiche is no longer online"))


@transaction.atomic
def approved_by_one(sender, instance, user=None, **kwargs):
    """The first approval means that the dossier was read."""
    dossier = dossier_of(instance.workflow_state.content_object)
    if dossier is not None and dossier.etat == Etat.RECU:
        move(dossier, Etat.EN_RELECTURE)


@transaction.atomic
def rejected(sender, instance, user=None, **kwargs):
    """A refusal in Wagtail's own moderation asks the applicant for corrections, with the moderator's comment."""
    dossier = dossier_of(instance.workflow_state.content_object)
    if dossier is None or dossier.etat not in WITH_STAFF:
        return
    raison = instance.comment or _("The staff will tell you what to correct.")
    dossier.a_corriger = [{"champ": "", "raison": raison}]
    move(dossier, Etat.CORRECTIONS_DEMANDEES, auteur=user, texte=raison, fields=["a_corriger"])
    _tell(dossier, "corrections", {"raisons": reasons_text(dossier.a_corriger)})


@transaction.atomic
def approved(sender, instance, user=None, **kwargs):
    """Approved, but not online yet: published later, or after the company's proof."""
    dossier = dossier_of(instance.content_object)
    if dossier is not None and dossier.etat in {Etat.RECU, Etat.EN_RELECTURE}:
        move(dossier, Etat.APPROUVE)
        _tell(dossier, "approuve", {})


def _tell(dossier, modele, contexte):
    line = dossier.evenements.last()
    outbox.post(
        f"{modele}:{dossier.pk}:{line.pk}",
        modele=modele,
        destinataires=[dossier.courriel],
        sujet=dossier,
        contexte=contexte,
    )
