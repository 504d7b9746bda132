"""The messages between an organisation and the team about a dossier, among them the proof (« bon à tirer ») and the agreement to it. They
are lines of its history: exported, erased and deleted with it."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override
from wagtail.models import Page

from fiches.candidatures.dossier_transitions import (
    WrongStateError,
    as_its_company_reads,
    locked,
    record_event,
    require_state,
    text_for_applicant,
)
from fiches.candidatures.enums import OVER, Etat
from fiches.candidatures.mails import notify_staff
from fiches.candidatures.models import Dossier, Evenement
from fiches.content_language import default_language
from fiches.forms import throttle
from fiches.mail.outbox import post

QUESTION = gettext_noop("Message of the organisation: %(texte)s")
ANSWER = gettext_noop("Message of the team: %(texte)s")
PROOF = gettext_noop("Read your fiche, and say whether you agree to version %(version)s")
AGREED = gettext_noop("%(nom)s agrees to version %(version)s of the fiche")
LONGEST = 2000
# Messages of one dossier in an hour.
MOST_AN_HOUR = 10


def messages_of(dossier: Dossier) -> list[dict[str, Any]]:
    """``[{"date", "texte", "de_l_equipe", "epreuve"}]``, the oldest first. One query.

    ``epreuve``: the message asks to read the fiche."""
    return messages_among(dossier.evenements.all())


def messages_among(events: Iterable[Evenement]) -> list[dict[str, Any]]:
    """The messages among lines of history, as :func:`messages_of` returns them. No query."""
    return [
        {
            "date": event.date,
            "texte": event.valeurs.get("texte") or text_for_applicant(event),
            "de_l_equipe": event.message in (ANSWER, PROOF),
            "epreuve": event.message == PROOF,
        }
        for event in events
        if event.message in (QUESTION, ANSWER, PROOF, AGREED)
    ]


def has_messages(dossier: Dossier) -> bool:
    return dossier.evenements.filter(message__in=(QUESTION, ANSWER)).exists()


def unanswered_dossiers(dossiers: QuerySet) -> Any:
    """Those among ``dossiers`` of which the last message comes from the organisation."""
    later = Evenement.objects.filter(dossier=OuterRef("dossier"), message=ANSWER, pk__gt=OuterRef("pk"))
    waiting = Evenement.objects.filter(dossier=OuterRef("pk"), message=QUESTION).filter(~Exists(later))
    return dossiers.filter(Exists(waiting))


def check_pace(request: HttpRequest, dossier: Dossier) -> None:
    """Counts one message.

    :raises ValidationError: too many messages in the hour.
    """
    if throttle.count(request, "message-dossier", who=f"dossier {dossier.pk}") > MOST_AN_HOUR:
        raise ValidationError(
            _("You sent many messages in an hour. This one is not sent. Wait an hour, then send it again."), code="pace"
        )


def ask_team(*, dossier: Dossier, texte: str) -> Evenement:
    """Stores a message of the organisation, and mails it to the team."""
    event = record_event(dossier, QUESTION, texte=texte)
    with override(default_language()):
        fact = _("a message waits for your answer")
    notify_staff(dossier, fact, cle=f"question:{event.pk}", screen="dossiers:messages")
    return event


def answer_organisation(*, dossier: Dossier, texte: str, by: Any) -> Evenement:
    """Stores a message of the team, and mails the organisation that it can be read in its dossier."""
    event = record_event(dossier, ANSWER, auteur=by, texte=texte)
    _mail_message(event, screen="candidature_messages")
    return event


@transaction.atomic
def ask_for_proof(*, dossier: Dossier, by: AbstractUser | AnonymousUser) -> Evenement:
    """Asks the company, by a message and a mail, to read the latest revision of its fiche.

    :raises WrongStateError: the dossier is over, or has no fiche.
    """
    current = locked(dossier)
    require_state(current, *(set(Etat) - OVER))
    revision = current.fiche.get_latest_revision() if current.fiche else None
    if revision is None:
        raise WrongStateError(_("This dossier has no fiche to show yet."))
    proof = record_event(current, PROOF, auteur=by, epreuve=revision, version=revision.pk)
    _mail_message(proof, screen="candidature_bon_a_tirer")
    return proof


def _mail_message(event: Evenement, *, screen: str) -> None:
    """Mails the organisation a link to ``screen``, where it reads a message of the team."""
    dossier = event.dossier
    contexte = {"ecran": screen}
    post(f"message:{event.pk}", modele="message", destinataires=[dossier.courriel], sujet=dossier, contexte=contexte)


def latest_proof(dossier: Dossier) -> Evenement | None:
    """The last message that asks to read the fiche, with its revision (``epreuve``, None once deleted)."""
    return dossier.evenements.filter(message=PROOF).select_related("epreuve").last()


def agreement_to(proof: Evenement) -> Evenement | None:
    return proof.dossier.evenements.filter(message=AGREED, pk__gt=proof.pk).last()


@transaction.atomic
def agree_to_proof(*, dossier: Dossier, version: str, nom: str) -> None:
    """Stores that the company agrees to the version that it read, and mails the team. Idempotent.

    :param nom: name of the person who agrees.
    :raises WrongStateError: the dossier is over, or another version was sent meanwhile.
    """
    current = locked(dossier)
    require_state(as_its_company_reads(current), *(set(Etat) - OVER))
    proof = latest_proof(current)
    if proof is None or str(proof.epreuve_id) != version:
        raise WrongStateError(_("The team sent another version meanwhile: read it below, then agree again."))
    if agreement_to(proof) is None:
        line = record_event(current, AGREED, epreuve=proof.epreuve, nom=nom, version=proof.epreuve_id)
        notify_staff(current, line.texte, cle=f"equipe-bon-a-tirer:{line.pk}")


def proof_notice(fiche: Page) -> str | None:
    """The state of the last proof of a fiche, shown to those who approve it; None without one."""
    lines = Evenement.objects.filter(dossier__fiche=fiche.pk)
    proof = lines.filter(message=PROOF).last()
    if proof is None:
        return None
    answer = lines.filter(message__in=(AGREED, QUESTION), pk__gt=proof.pk).last()
    day = {"day": date_format(timezone.localtime((answer or proof).date), "DATE_FORMAT")}
    if answer is None:
        return _("The company was sent a proof of this fiche on %(day)s, and has not answered yet.") % day
    if answer.message == QUESTION:
        return _("The company answers its proof: “%(remarks)s”") % {"remarks": answer.valeurs["texte"]}
    if answer.epreuve_id == fiche.latest_revision_id:
        return _("The company agreed to this fiche on %(day)s.") % day
    return _("The company agreed to its proof; the fiche has changed since.")
