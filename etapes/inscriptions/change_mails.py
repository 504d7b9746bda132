"""When an étape is published again: mails registered people about changes of date or place, and gives new places.

The mails wait for ten minutes. A second change within that time replaces them; a change back cancels them.
"""

from collections.abc import Collection, Iterator
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import ngettext
from wagtail.models import Revision
from wagtail.signals import page_published

from etapes.inscriptions.date_and_place import meeting_fingerprint
from etapes.inscriptions.past_dates import becomes_past, record_past_date
from etapes.inscriptions.registration_transitions import lock_etape, move_up, queue_mail
from etapes.models import EtapePage, Inscription
from fiches.mail.outbox import UNDO, take_back
from fiches.models import Courriel
from fiches.models.enums import Envoi

CALLED_OFF, GOES_AHEAD = "inscription_etape_annulee", "inscription_etape_maintenue"
LETTERS = ("inscription_etape_changee", "inscription_etape_reportee", CALLED_OFF, GOES_AHEAD)
BEFORE, REVISION = "avant", "revision"


def connect() -> None:
    """Called from ``AppConfig.ready()``."""
    page_published.connect(_published, sender=EtapePage, dispatch_uid="etapes_tell_registered")


def _published(sender: type, instance: EtapePage, **kwargs: Any) -> None:
    if not instance.live:
        return
    replaced = getattr(instance, "replaced_revision_id", None)
    before = _version(replaced) if instance.passee or instance.sans_date else None
    record_past_date(instance, before)
    if instance.inscrits.exists():
        queue_change_mails(instance, replaced=replaced, before=before)
        move_up(instance)


def _version(revision: int | None) -> Any:
    row = Revision.objects.filter(pk=revision).first()
    return row and row.as_object()


@transaction.atomic
def queue_change_mails(etape: EtapePage, *, replaced: int | None = None, before: EtapePage | None = None) -> int:
    """Queues a mail to each active registration whose ``rendez_vous`` differs from the étape's. Idempotent.

    :param replaced: pk of the revision that was live before, whose day the mail about a postponement tells.
    :param before: the étape of that revision; only read if the étape is over.
    :returns: the number of mails queued.
    """
    etape = lock_etape(etape)
    if is_silent(etape, before):
        return 0
    now = meeting_fingerprint(etape)
    outdated = list(etape.inscrits.active().exclude(rendez_vous=now))
    queued = sum(_queue_change(inscription, etape, now, replaced) for inscription in outdated)
    etape.inscrits.filter(pk__in=[each.pk for each in outdated]).update(rendez_vous=now)
    return queued


def is_silent(etape: EtapePage, before: EtapePage | None) -> bool:
    """Whether the étape took place: registered people get no more messages about it. False if
    ``before``, the version online until now, was still to come: the new date is mailed, even if it is past."""
    return etape.passee and etape.a_lieu and not becomes_past(etape, before)


def _queue_change(inscription: Inscription, etape: EtapePage, now: str, replaced: int | None) -> bool:
    """Replaces the mail that waits for the person, or that staff stopped. Returns False if nothing changed since the last mail
    sent."""
    stopped = Courriel.objects.about(inscription).stopped().filter(modele__in=LETTERS)
    unsent = (waiting_letters([inscription]) | stopped).order_by("-pk").first()
    previous = unsent.contexte if unsent else {BEFORE: inscription.rendez_vous, REVISION: replaced}
    before = previous.get(BEFORE, "")
    take_back(inscription, modeles=LETTERS)
    inscription.rendez_vous = now
    if before == now:
        return False
    later = timezone.now() + UNDO
    queue_mail(
        inscription,
        letter_for(etape, inscription),
        fact=f"{etape.live_revision_id}",
        send_after=later,
        **{BEFORE: before, REVISION: replaced or previous.get(REVISION)},
    )
    return True


def why_not_mailed(etape: EtapePage, *, mailed: Collection[int | None]) -> Iterator[str]:
    """Yields a sentence on the registered people who are not mailed for want of an address, and one on those who know already.

    :param mailed: the keys of the registrations that a mail about the change concerns, leaving or taken back.
    """
    others = list(etape.inscrits.active().exclude(pk__in=mailed).values_list("nom", "courriel"))
    if names := [name for name, address in others if not address]:
        text = ngettext(
            "%(number)s person gave no e-mail address, and gets no mail: tell them yourself (%(names)s).",
            "%(number)s people gave no e-mail address, and get no mail: tell them yourself (%(names)s).",
            len(names),
        )
        yield text % {"number": len(names), "names": ", ".join(names)}
    if informed := len(others) - len(names):
        text = ngettext(
            "%(number)s person knows this day and this place already, and gets no other mail.",
            "%(number)s people know this day and this place already, and get no other mail.",
            informed,
        )
        yield text % {"number": informed}


def waiting_letters(inscriptions: Any) -> QuerySet:
    """The unsent mails about a change to these registrations."""
    return waiting_letters_of_all().concerning(Inscription, [each.pk for each in inscriptions])


def waiting_letters_of_all() -> Any:
    """The unsent mails about changes of any étape."""
    return _to_come(Courriel.objects.waiting())


def unsent_letters(inscriptions: QuerySet) -> Any:
    """As :func:`waiting_letters`, with those that staff stopped, until the hour at which they would have left."""
    return _to_come(Courriel.objects.unsent()).concerning(Inscription, inscriptions.order_by().values("pk"))


def _to_come(mails: Any) -> Any:
    return mails.filter(modele__in=LETTERS, prochain_essai__gt=timezone.now())


def letter_for(etape: EtapePage, inscription: Inscription) -> str:
    """The name of the mail that describes the étape's present state, given the last one that the person received."""
    if etape.annulee:
        return CALLED_OFF
    sent = Courriel.objects.about(inscription).filter(modele__in=LETTERS, etat=Envoi.ENVOYE).order_by("-pk").first()
    if sent and sent.modele == CALLED_OFF and not etape.attend_sa_date:
        return GOES_AHEAD
    return "inscription_etape_reportee" if etape.attend_sa_date else "inscription_etape_changee"
