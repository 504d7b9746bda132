"""Undoes, within ten minutes, the withdrawal of a consent made by a member of the staff."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AbstractUser
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from wagtail.models import ReferenceIndex

from fiches.candidatures.consentements import (
    current_consents,
    locked_with_fiches,
    record_consents,
    save_consent_answer,
    wording_of,
)
from fiches.candidatures.dossier_transitions import WrongStateError, record_event
from fiches.candidatures.enums import OVER
from fiches.candidatures.models import Evenement
from fiches.candidatures.pieces import content_of, illustration_of, publish_pictures
from fiches.candidatures.signatures import write_signatures
from fiches.content_language import in_default_language
from fiches.mail import outbox
from fiches.models import FichePage
from fiches.models.bulk import update
from fiches.models.revisions import rewrite_revisions

if TYPE_CHECKING:
    from fiches.candidatures.models import Dossier


def deadlines_of_consent_undo(dossier: "Dossier") -> dict[str, datetime]:
    """Returns ``{purpose: end of the delay}`` of the consents that the staff withdrew less than ten minutes ago. Those that
    the company withdrew itself can't be undone."""
    if dossier.etat in OVER:
        return {}
    ends = {
        finalite: consent.date + outbox.UNDO
        for finalite, consent in current_consents(dossier).items()
        if not consent.accorde and consent.auteur_id is not None
    }
    return {finalite: end for finalite, end in ends.items() if end > timezone.now()}


@transaction.atomic
@in_default_language
def undo_consent_withdrawal(*, dossier: "Dossier", finalite: str, by: AbstractUser) -> None:
    """Restores a consent, and on the fiches what its withdrawal removed: details in each revision, pictures, publication and
    workflow. Sends no mail.

    :raises WrongStateError: the ten minutes are over, the company withdrew the consent itself, or the withdrawal is undone already.
    """
    dossier = locked_with_fiches(dossier)
    given = current_consents(dossier).get(finalite)
    if given and given.accorde:
        raise WrongStateError(_("This withdrawal is undone already: the agreement holds."))
    if finalite not in deadlines_of_consent_undo(dossier):
        raise WrongStateError(_("Too late: this withdrawal can no longer be undone. Ask the company to agree again."))
    line = dossier.evenements.filter(valeurs__finalite=finalite).latest("pk")
    before = line.valeurs["avant"]
    forget_details(line)
    record_consents(dossier=dossier, choices={finalite: True}, auteur=by)
    save_consent_answer(dossier, finalite, agreed=True)
    wording = wording_of(finalite)
    record_event(dossier, gettext_noop("The withdrawal is undone: %(wording)s"), auteur=by, wording=wording)
    if dossier.fiche and before:
        with outbox.silence():
            _restore_fiches(dossier, before, by)


def past_undo(now: datetime) -> QuerySet:
    """Returns the lines of history that still hold hidden details of a withdrawal that can no longer be undone."""
    return Evenement.objects.filter(valeurs__finalite__isnull=False, date__lt=now - outbox.UNDO)


def forget_details(line: Evenement) -> None:
    """Deletes the details that a line of history stores to undo a withdrawal; keeps the wording of the consent."""
    line.valeurs = {"wording": line.valeurs["wording"]}
    line.save(update_fields=["valeurs"])


def _restore_fiches(dossier: "Dossier", before: dict[str, Any], by: AbstractUser) -> None:
    pictures = {int(pk): _restore_picture(dossier, **values) for pk, values in before["images"].items()}
    _restore_fiche(dossier.fiche, before, pictures, by)
    others = before.get("autres", {})
    for page in FichePage.objects.filter(pk__in=others):
        _restore_fiche(page, others[str(page.pk)], pictures, by)


def _restore_fiche(page: Any, before: Any, pictures: dict[int, int], by: Any) -> None:
    if before["page"]:
        _restore_values(page, before, pictures)
    if before["en_ligne"] and not page.live:
        # No new publication: this revision was online less than ten minutes ago.
        page.revisions.get(pk=before["en_ligne"]).publish(user=by, skip_permission_checks=True)
    if before["en_moderation"] and not page.workflow_in_progress:
        page.get_workflow().start(page, None)


def _restore_values(page: Any, before: Any, pictures: dict[int, int]) -> None:
    """Writes the former values on the page and in each of its revisions."""

    def restored(values: dict[str, Any]) -> Any:
        return {
            name: pictures.get(value, value) if name in {"photo", "photo_id", "logo", "logo_id"} else value
            for name, value in values.items()
        }

    update(type(page).objects.filter(pk=page.pk), **restored(before["page"]))
    former = before["revisions"]
    rewrite_revisions(page, lambda revision: {**revision.content, **restored(former.get(str(revision.pk), {}))})
    write_signatures(page, before.get("signatures", {"blocs": {}, "credits": {}}))
    page.refresh_from_db()
    ReferenceIndex.create_or_update_for_object(page)
    if page.live:
        publish_pictures(page)


def _restore_picture(dossier: "Dossier", *, piece: str, titre: str, credit: str) -> Any:
    """Makes the Wagtail image again from the dossier's file and returns its key; None if the file was deleted."""
    file = dossier.pieces.filter(cle=piece).first()
    readable = file and (file.illustration_id or content_of(file.fichier) is not None)
    return illustration_of(file, titre=titre, credit=credit).pk if readable else None
