"""Where a dossier goes from one state to another, and what its history keeps of it."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.utils.translation import gettext as said
from wagtail.models import TaskState, WorkflowState

from fiches import langues
from fiches.candidatures.enums import WITH_STAFF, Etat
from fiches.candidatures.models import Dossier, Evenement
from fiches.models.querysets import lock_row

DEFAULT_DELAY = 10


class WrongStateError(ValidationError):
    """The dossier is no longer where the act supposes it: someone else was quicker."""


def locked(dossier):
    """The dossier as it stands now, its row held until the transaction ends.

    Its fiche's row is taken first, as a decision in moderation does: the two never wait for one another. Whoever waited
    for the dossier while it got its fiche (or lost it) lets go of it and begins anew, so that the order holds then too.
    """
    while True:
        with transaction.atomic():
            fiche = Dossier.objects.filter(pk=dossier.pk).values_list("fiche_id", flat=True).get()
            if fiche:
                lock_row(fiche)
            rows = Dossier.objects.select_for_update(of=("self",)).select_related("appel", "fiche")
            current = rows.get(pk=dossier.pk)
            if current.fiche_id == fiche:
                return current
            transaction.set_rollback(True)


def require(dossier, *states):
    """:raises WrongStateError: when ``dossier`` is in none of ``states``."""
    if dossier.etat not in states:
        message = _("Already dealt with: this dossier is now “%(state)s”.")
        raise WrongStateError(message, code="state", params={"state": dossier.etat_pour_l_equipe})


def move(dossier, etat, *, auteur=None, texte="", message="", fields=(), **valeurs):
    """Writes the new state and one line of history that the applicant sees: with a text that staff wrote, or a message
    as for :func:`tell`."""
    dossier.etat = etat
    dossier.depuis = timezone.now()
    dossier.echeance = _due(dossier) if etat in WITH_STAFF else None
    dossier.save(update_fields=["etat", "depuis", "echeance", *fields])
    texte = spoken(message, valeurs) if message else texte
    Evenement.objects.create(dossier=dossier, etat=etat, auteur=auteur, texte=texte, message=message, valeurs=valeurs)


def _due(dossier):
    delay = dossier.appel.delai if dossier.appel else DEFAULT_DELAY
    return dossier.depuis + timedelta(days=delay)


def note(dossier, texte, *, auteur=None):
    """A line of history among staff, which changes nothing."""
    return Evenement.objects.create(dossier=dossier, texte=texte, auteur=auteur, interne=True)


def tell(dossier, message, *, auteur=None, **valeurs):
    """A line of history that changes nothing, which the applicant reads in its language and the staff in theirs.

    :param message: as it stands in the code, marked by ``gettext_noop``; ``valeurs`` fill its places.
    """
    texte = spoken(message, valeurs)
    return Evenement.objects.create(
        dossier=dossier, texte=texte, message=message, valeurs=valeurs, auteur=auteur, interne=False
    )


def spoken(message, valeurs, langue=None):
    """``message`` in a language, the site's own unless said otherwise; so is a ``wording`` among its values."""
    with override(langue or langues.default_language()):
        return said(message) % {name: said(value) if name == "wording" else value for name, value in valeurs.items()}


def read_by_applicant(event):
    """The text of a line in the language of the page."""
    if not event.message or get_language() == langues.default_language():
        return event.texte
    return spoken(event.message, event.valeurs, get_language())


def stop_moderation(dossier, *, by=None):
    """Ends the review of the fiche: it no longer waits for anybody's decision.

    :returns: the step at which it was, as :func:`resume_moderation` takes it; None when there was no review.
    """
    state = dossier.fiche.current_workflow_state if dossier.fiche else None
    if state is None:
        return None
    task = state.current_task_state
    before = {"parcours": state.pk, "statut": state.status, "tache": task.pk, "statut_tache": task.status}
    state.cancel(user=by)
    return before


def resume_moderation(dossier, before):
    """Puts the review back at the step where :func:`stop_moderation` ended it, for the same people. Nobody is mailed; a
    review that was opened meanwhile stays.

    ``before`` is ``True`` where a version that kept no step ended the review: it begins again, and its readers are mailed.
    """
    if before is True:
        if dossier.fiche and not dossier.fiche.current_workflow_state:
            dossier.fiche.get_workflow().start(dossier.fiche, None)
        return
    state = WorkflowState.objects.filter(pk=before["parcours"]).first()
    if state is None or dossier.fiche is None or dossier.fiche.current_workflow_state:
        return
    state.status = before["statut"]
    state.save(update_fields=["status"])
    if before["statut_tache"] == TaskState.STATUS_IN_PROGRESS:
        task = state.task_states.get(pk=before["tache"])
        task.status, task.finished_at, task.finished_by = before["statut_tache"], None, None
        task.save(update_fields=["status", "finished_at", "finished_by"])


STEPS_OF_LIFE = (Etat.RECU, Etat.EN_RELECTURE, Etat.APPROUVE, Etat.PUBLIE)
"""The road of a dossier that goes well, as the tracking page draws it."""
