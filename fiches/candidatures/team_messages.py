"""The messages between an organisation and the team about a dossier. They are lines of its history: exported, erased and deleted
with it."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from fiches.candidatures.dossier_transitions import just_written, record_event, translated
from fiches.candidatures.mails import notify_staff
from fiches.candidatures.models import Dossier, Evenement
from fiches.content_language import default_language
from fiches.forms import throttle
from fiches.mail.outbox import post

QUESTION = gettext_noop("Message of the organisation: %(texte)s")
ANSWER = gettext_noop("Message of the team: %(texte)s")
MESSAGES = (QUESTION, ANSWER)
LONGEST = 2000
# Messages of one dossier in an hour.
MOST_AN_HOUR = 10


def messages_of(dossier: Dossier) -> list[dict[str, Any]]:
    """``[{"date", "texte", "de_l_equipe", "auteur"}]``, the oldest first. One query.

    ``auteur``: the account of the team's member who wrote it; None for a message of the organisation."""
    return messages_among(dossier.evenements.filter(message__in=MESSAGES).select_related("auteur"))


def messages_among(events: Iterable[Evenement]) -> list[dict[str, Any]]:
    """The messages among lines of history, as :func:`messages_of` returns them. No query."""
    return [
        {
            "date": event.date,
            "texte": event.valeurs.get("texte", ""),
            "de_l_equipe": event.message == ANSWER,
            "auteur": event.auteur,
        }
        for event in events
        if event.message in MESSAGES
    ]


def by_others(echanges: list[dict[str, Any]], user: Any) -> list[dict[str, Any]]:
    """The messages of :func:`messages_of` that ``user`` did not write.

    :param user: None for the organisation. Their number stamps the screen on which a message is written.
    """
    return [line for line in echanges if line["auteur"] != user or line["de_l_equipe"] == (user is None)]


def is_sent_again(*, dossier: Dossier, message: str, texte: str, by: Any, cle: UUID | None) -> bool:
    """Whether this text was just sent, from this form or from another one of its author."""
    if cle is not None and Evenement.objects.filter(cle=cle).exists():
        return True
    values = {"texte": texte}
    return bool(
        just_written(
            dossier=dossier,
            interne=False,
            message=message,
            valeurs=values,
            texte=translated(message, values),
            auteur=by,
        )
    )


def has_messages(dossier: Dossier) -> bool:
    return dossier.evenements.filter(message__in=MESSAGES).exists()


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


def ask_team(*, dossier: Dossier, texte: str, cle: UUID | None = None) -> Evenement:
    """Stores a message of the organisation, and mails it to the team.

    :param cle: the key of the form: sent twice, the message is stored and mailed once.
    """
    event = record_event(dossier, QUESTION, cle=cle, texte=texte)
    with override(default_language()):
        fact = _("a message waits for your answer")
    notify_staff(dossier, fact, cle=f"question:{event.pk}", or_team=True, screen="dossiers:messages")
    return event


def answer_organisation(*, dossier: Dossier, texte: str, by: Any, cle: UUID | None = None) -> Evenement:
    """Stores a message of the team, and mails the organisation that it can be read in its dossier.

    :param cle: the key of the form: sent twice, the message is stored and mailed once.
    """
    event = record_event(dossier, ANSWER, auteur=by, cle=cle, texte=texte)
    post(f"reponse:{event.pk}", modele="reponse_question", destinataires=[dossier.courriel], sujet=dossier)
    return event
