"""Undoing a withdrawal: a consent that a member of the staff took back by a slip, within ten minutes."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from wagtail.models import ReferenceIndex
from wagtail.signals import page_published

from fiches.candidatures.consentements import answer, current, record, wording_of
from fiches.candidatures.enums import OVER
from fiches.candidatures.historique import WrongStateError, locked, tell
from fiches.candidatures.models import Evenement
from fiches.candidatures.pieces import illustration_of
from fiches.candidatures.signatures import write_signatures
from fiches.langues import in_own_words
from fiches.mail import outbox
from fiches.models import FichePage
from fiches.models.bulk import update


def undoable(dossier):
    """``{purpose: until when}`` of the consents that the staff withdrew less than ten minutes ago. What the company itself
    withdrew is not among them."""
    if dossier.etat in OVER:
        return {}
    ends = {
        finalite: consent.date + outbox.UNDO
        for finalite, consent in current(dossier).items()
        if not consent.accorde and consent.auteur_id is not None
    }
    return {finalite: end for finalite, end in ends.items() if end > timezone.now()}


@transaction.atomic
@in_own_words
def undo_withdrawal(*, dossier, finalite, by):
    """Gives a consent back, and its fiche what the withdrawal took: the details in each revision, the pictures, its place
    on the site and in the review. No mail is sent.

    :raises WrongStateError: the ten minutes are over, or the company withdrew it itself.
    """
    dossier = locked(dossier)
    if finalite not in undoable(dossier):
        raise WrongStateError(_("Too late: this withdrawal can no longer be undone. Ask the company to agree again."))
    line = dossier.evenements.filter(valeurs__finalite=finalite).latest("pk")
    before = line.valeurs["avant"]
    forget(line)
    record(dossier=dossier, choices={finalite: True}, auteur=by)
    answer(dossier, finalite, agreed=True)
    wording = wording_of(finalite)
    tell(dossier, gettext_noop("The withdrawal is undone: %(wording)s"), auteur=by, wording=wording)
    if dossier.fiche and before:
        with outbox.silence():
            _give_back(dossier, before, by)


def no_longer_undoable(now):
    """The lines of history that still hold what a withdrawal hid, once it can't be undone."""
    return Evenement.objects.filter(valeurs__finalite__isnull=False, date__lt=now - outbox.UNDO)


def forget(line):
    """Deletes what a line of history kept to undo a withdrawal; its wording stays."""
    line.valeurs = {"wording": line.valeurs["wording"]}
    line.save(update_fields=["valeurs"])


def _give_back(dossier, before, by):
    pictures = {int(pk): _picture(dossier, **kept) for pk, kept in before["images"].items()}
    _give_back_to(dossier.fiche, before, pictures, by)
    others = before.get("autres", {})
    for page in FichePage.objects.filter(pk__in=others):
        _give_back_to(page, others[str(page.pk)], pictures, by)


def _give_back_to(page, before, pictures, by):
    if before["page"]:
        _show(page, before, pictures)
    if before["en_ligne"] and not page.live:
        # No new publication: this revision was online less than ten minutes ago.
        page.revisions.get(pk=before["en_ligne"]).publish(user=by, skip_permission_checks=True)
    if before["en_moderation"] and not page.workflow_in_progress:
        page.get_workflow().start(page, None)


def _show(page, before, pictures):
    """Writes the details on the page and in each of its revisions again."""

    def restored(values):
        return {
            name: pictures.get(value, value) if name in {"photo", "photo_id", "logo", "logo_id"} else value
            for name, value in values.items()
        }

    update(type(page).objects.filter(pk=page.pk), **restored(before["page"]))
    for revision in page.revisions.filter(pk__in=before["revisions"]):
        revision.content = {**revision.content, **restored(before["revisions"][str(revision.pk)])}
        revision.save(update_fields=["content"])
    write_signatures(page, before.get("signatures", {"blocs": {}, "credits": {}}))
    page.refresh_from_db()
    ReferenceIndex.create_or_update_for_object(page)
    if page.live:
        page_published.send(sender=type(page), instance=page, revision=None)


def _picture(dossier, *, piece, titre, credit):
    """The key of the site's picture made again from a file of the dossier's; None when the file is gone."""
    kept = dossier.pieces.filter(cle=piece).first()
    return illustration_of(kept, titre=titre, credit=credit).pk if kept else None
