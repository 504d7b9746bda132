"""Locks a dossier, writes its history, stops the moderation of its fiche, and says what its company reads until the mail of a refusal
leaves: nothing of it."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.utils.translation import gettext as translate
from wagtail.models import Revision

from fiches import content_language
from fiches.candidatures.enums import EDITABLE, OVER, Etat
from fiches.candidatures.models import Dossier, Evenement
from fiches.models import Courriel
from fiches.models.querysets import lock_row
from fiches.moderation.decision import cancel_schedule


class WrongStateError(ValidationError):
    """The dossier is not in a state that allows the action: somebody else acted first."""


def locked(dossier: Dossier) -> Dossier:
    """Locks the row of a dossier until the end of the transaction, and returns the dossier read anew.

    The row of its fiche is locked first, as moderation does, so that the two can't deadlock. If the dossier got or lost its
    fiche while its lock was awaited, the locks are released and taken again in that order.
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


def require_state(dossier: Dossier, *states: str) -> None:
    """Checks the state of a dossier.

    :raises WrongStateError: ``dossier`` is in none of ``states``.
    """
    if dossier.etat not in states:
        message = _("Already dealt with: this dossier is now “%(state)s”.")
        raise WrongStateError(message, code="state", params={"state": dossier.get_etat_display()})


def record_state(
    dossier: Dossier,
    etat: Etat,
    *,
    auteur: Any = None,
    texte: str = "",
    message: str = "",
    fields: Sequence[str] = (),
    interne: bool = False,
    **valeurs: Any,
) -> None:
    """Writes when a dossier came to a state, with a line of history that the applicant sees unless it is ``interne``.

    :param texte: what the staff wrote, if anything.
    :param message: instead of ``texte``, a message id to translate, as for :func:`record_event`; ``valeurs`` are its values.
    :param fields: names of other fields of ``dossier`` to save.
    """
    dossier.depuis = timezone.now()
    dossier.save(update_fields=["depuis", *fields])
    dossier.__dict__.pop("etat", None)
    texte = translated(message, valeurs) if message else texte
    words = {"texte": texte, "message": message, "valeurs": valeurs}
    Evenement.objects.create(dossier=dossier, etat=etat, auteur=auteur, interne=interne, **words)


def last_state(dossier: Dossier) -> str:
    """Returns the state of the last line of history that has one."""
    return dossier.evenements.exclude(etat="").values_list("etat", flat=True).last() or ""


def note(dossier: Dossier, texte: str, *, auteur: Any = None) -> Evenement:
    """Adds a line of history that only the staff see."""
    return Evenement.objects.create(dossier=dossier, texte=texte, auteur=auteur, interne=True)


def record_event(
    dossier: Dossier, message: str, *, auteur: Any = None, epreuve: Revision | None = None, **valeurs: Any
) -> Evenement:
    """Adds a line of history without a change of state. The applicant reads it in the language of the page.

    :param message: a message id marked with ``gettext_noop``; ``valeurs`` are the values of its placeholders.
    :param epreuve: the revision of the fiche that the line is about.
    """
    words = {"texte": translated(message, valeurs), "message": message, "valeurs": valeurs}
    return Evenement.objects.create(dossier=dossier, auteur=auteur, epreuve=epreuve, **words)


def translated(message: str, valeurs: dict[str, Any], langue: str | None = None) -> str:
    """Translates ``message`` and its value ``wording``, if any, to ``langue``; by default, to the site's own language."""
    with override(langue or content_language.default_language()):
        return translate(message) % {
            name: translate(value) if name == "wording" else value for name, value in valeurs.items()
        }


def text_for_applicant(event: Evenement) -> str:
    """Returns the text of a line of history in the language of the page."""
    if not event.message or get_language() == content_language.default_language():
        return event.texte
    return translated(event.message, event.valeurs, get_language())


def stop_moderation(dossier: Dossier, *, by: AbstractUser | None = None) -> None:
    """Cancels the workflow of the dossier's fiche and the date at which it goes online, if there are any."""
    if dossier.fiche is None:
        return
    if state := dossier.fiche.current_workflow_state:
        state.cancel(user=by)
    cancel_schedule(dossier.fiche)


def is_closure_pending(dossier: Dossier) -> bool:
    """Whether a dossier was refused, and the mail about it waits. No query for a dossier that is not closed."""
    if dossier.clos != Etat.REFUSE:
        return False
    return Courriel.objects.about(dossier).waiting().filter(modele="refuse").exists()


def as_its_company_reads(dossier: Dossier) -> Dossier:
    """Gives ``dossier``, in memory only, the state that it had before a refusal whose mail waits, and ``fermeture``, when
    that was decided. Whoever saves it then names the fields to save."""
    if is_closure_pending(dossier):
        lines = dossier.evenements.exclude(etat="")
        dossier.fermeture = lines.latest("pk").date
        before = lines.exclude(etat__in=OVER).latest("pk")
        dossier.etat, dossier.depuis = before.etat, before.date
    return dossier


def require_open(dossier: Dossier) -> Dossier:
    """Returns a locked dossier as its company reads it.

    :raises WrongStateError: its company can't change it.
    """
    if as_its_company_reads(dossier).etat not in EDITABLE:
        message = _(
            "Your answers are not saved: this dossier is now “%(state)s”, and can’t be changed in this state. What you typed "
            "is still on this page: copy it. To give it to the team, send a message from your dossier."
        )
        raise WrongStateError(message, code="state", params={"state": dossier.get_etat_display()})
    return dossier
