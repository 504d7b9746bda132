"""The only writer of registrations' states. Each function locks the étape's row first, so that the last place is given once."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext as _

from etapes.enums import EtatInscription
from etapes.inscriptions import availability
from etapes.inscriptions.date_and_place import meeting_fingerprint
from etapes.models import EtapePage, Inscription
from fiches import content_language
from fiches.mail import outbox
from fiches.models.querysets import lock_row

# Sent with ``etape``, in the transaction in which the number of places taken changes.
places_changed = Signal()


class RegistrationRefused(Exception):  # noqa: N818 - a refusal, not an error
    """Nothing was written. ``str()`` is the reason, for the user."""


@transaction.atomic
def register(
    *,
    etape: EtapePage,
    nom: str,
    courriel: str = "",
    organisation: str = "",
    besoins: str = "",
    accord: str = "",
    langue: str = "",
    by: Any = None,
) -> tuple[Inscription, bool]:
    """Registers a person, with a place or on the waiting list, and queues the mail.

    An address with an active registration gets it back unchanged, and its mail, with the link, once more. The same request within
    ``outbox.REPEAT_INTERVAL`` seconds sends nothing.

    :param by: the organiser who registers somebody; registration need not be open then.
    :param langue: language of the mails; the site's own by default.
    :returns: ``(inscription, created)``.
    :raises RegistrationRefused: registration is closed, the étape has no date, or it was deleted.
    """
    etape, courriel = lock_etape(etape), courriel.lower()
    if by is None and not etape.guichet.ouvert:
        raise RegistrationRefused(_("Registration for this étape is closed."))
    _check_date(etape)
    existing = etape.inscrits.filter(courriel=courriel).first() if courriel else None
    if existing and not existing.annulee:
        if timezone.now() - existing.demandee_le > timedelta(seconds=outbox.REPEAT_INTERVAL):
            queue_mail(existing, _letter(existing), fact=outbox.request_slot(), langue=langue)
        return existing, False
    inscription = existing or Inscription(etape=etape, courriel=courriel)
    now = timezone.now()
    inscription.nom, inscription.organisation, inscription.besoins = nom, organisation, besoins
    inscription.accord, inscription.accord_le, inscription.langue = accord, now if accord else None, langue
    inscription.ajoutee_par, inscription.demandee_le = by, now
    inscription.rendez_vous = meeting_fingerprint(etape)
    inscription.annulee_le = inscription.arrivee_le = None
    _place(inscription, EtatInscription.ATTENTE if availability.is_full(etape) else EtatInscription.CONFIRMEE)
    queue_mail(inscription, _letter(inscription), fact=f"{now.timestamp():.6f}")
    _send_places_changed(etape)
    return inscription, True


@transaction.atomic
def cancel(*, inscription: Inscription, by: AbstractUser | None = None) -> bool:
    """Cancels a registration and gives the place to the first on the waiting list. Idempotent.

    :returns: whether something changed.
    """
    etape = lock_etape(inscription.etape)
    inscription.refresh_from_db()
    if inscription.annulee:
        return False
    inscription.annulee_le = timezone.now()
    inscription.arrivee_le = None
    inscription.besoins = ""
    _place(inscription, EtatInscription.ANNULEE)
    queue_mail(inscription, "inscription_annulee", fact=f"{inscription.annulee_le.timestamp():.6f}")
    _move_up(etape)
    _send_places_changed(etape)
    return True


@transaction.atomic
def give_place(*, inscription: Inscription, by: AbstractUser) -> bool:
    """Gives a place to a person on the waiting list, whatever the order and the number of places.

    :returns: whether something changed.
    :raises RegistrationRefused: the étape has no date.
    """
    etape = lock_etape(inscription.etape)
    _check_date(etape)
    inscription.refresh_from_db()
    if not inscription.en_attente:
        return False
    _confirm(inscription)
    _send_places_changed(etape)
    return True


@transaction.atomic
def check_in(*, inscription: Inscription, came: bool = True) -> bool:
    """Marks a person as arrived, or undoes it with ``came=False``. Any state of the registration is accepted: the organiser
    decides whom to let in. Nothing public shows it, so that no page is made again.

    :returns: whether something changed.
    """
    lock_etape(inscription.etape)
    inscription.refresh_from_db()
    if bool(inscription.arrivee_le) == came:
        return False
    inscription.arrivee_le = timezone.now() if came else None
    Inscription.objects.filter(pk=inscription.pk).update(arrivee_le=inscription.arrivee_le)
    return True


@transaction.atomic
def delete_registration(inscription: Inscription) -> None:
    """Deletes a registration and gives its place to the first on the waiting list. Sends no mail to the person who leaves.

    :raises RegistrationRefused: the étape was deleted.
    """
    etape = lock_etape(inscription.etape)
    inscription.delete()
    _move_up(etape)
    _send_places_changed(etape)


@transaction.atomic
def move_up(etape: EtapePage) -> None:
    """Gives free places to the waiting list, in the order of the requests."""
    etape = lock_etape(etape)
    if _move_up(etape):
        _send_places_changed(etape)


def lock_etape(etape: EtapePage) -> EtapePage:
    """Locks the étape's row until the end of the transaction and returns the étape, reloaded. A translation gives its
    original, which holds the registrations.

    :raises RegistrationRefused: it was deleted.
    """
    key = content_language.original_key(etape)
    if not lock_row(key):
        raise RegistrationRefused(_("This étape has been deleted."))
    return EtapePage.objects.get(pk=key)


def _check_date(etape: EtapePage) -> None:
    """:raises RegistrationRefused: the étape has no date yet, for which a place could be promised."""
    if etape.sans_date:
        raise RegistrationRefused(_("This étape has no date yet: nobody is given a place before it has one."))


def _move_up(etape: EtapePage) -> bool:
    """Returns whether a place was given."""
    if not etape.a_lieu or etape.commence_le is None or etape.commence_le <= timezone.now():
        return False
    is_given = False
    for inscription in etape.inscrits.waiting():
        if availability.is_full(etape):
            break
        _confirm(inscription)
        is_given = True
    return is_given


def _letter(inscription: Inscription) -> str:
    return "inscription_confirmee" if inscription.confirmee else "inscription_attente"


def _confirm(inscription: Any) -> None:
    _place(inscription, EtatInscription.CONFIRMEE)
    queue_mail(inscription, "inscription_place", fact=f"{inscription.confirmee_le.timestamp():.6f}")


def _place(inscription: Inscription, etat: str) -> None:
    inscription.etat = etat
    inscription.confirmee_le = timezone.now() if etat == EtatInscription.CONFIRMEE else None
    inscription.save()


def queue_mail(
    inscription: Inscription, modele: str, *, fact: str, send_after: datetime | None = None, **contexte: Any
) -> None:
    """Puts a mail to the registered person into the outbox. Does nothing if the registration has no address.

    :param modele: name of the mail's wording.
    :param fact: identifies the event; the same mail is sent once per fact.
    :param send_after: aware datetime before which it is not sent.
    :param contexte: stored with the mail.
    """
    if inscription.courriel:
        outbox.post(
            f"{modele}:{inscription.pk}:{fact}",
            modele=modele,
            destinataires=[inscription.courriel],
            sujet=inscription,
            contexte=contexte,
            send_after=send_after,
        )


def _send_places_changed(etape: EtapePage) -> None:
    places_changed.send(sender=EtapePage, etape=etape)
