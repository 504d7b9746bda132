"""Who has a place: the one writer of a registration's state. Whoever registers, cancels or moves up takes the étape's row
first, so that the last place goes to one person."""

from uuid import uuid4

from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext as _

from etapes.enums import EtatInscription
from etapes.inscriptions import ouverture
from etapes.inscriptions.rendez_vous import fingerprint
from etapes.models import EtapePage, Inscription
from fiches import langues
from fiches.mail import outbox
from fiches.models.querysets import lock_row

places_changed = Signal()
"""Sent with ``etape`` after the commit, once the number of places taken has changed."""


class RegistrationRefused(Exception):  # noqa: N818 - it names what happened, as a reader says it
    """Nothing was written; ``str()`` tells why to the person."""


@transaction.atomic
def register(*, etape, nom, courriel="", organisation="", besoins="", accord="", langue="", by=None):
    """Give a place, or one on the waiting list. An address that is registered already gets the same registration back.

    ``by`` is the organiser who writes somebody down: the desk needn't be open, and no mail asks for more than an address.
    ``langue`` is the language of the mails; the site's own without one.

    :returns: ``(inscription, new)``.
    :raises RegistrationRefused: the desk is closed, or the étape is gone.
    """
    etape = held(etape)
    if by is None and not etape.guichet.ouvert:
        raise RegistrationRefused(_("Registration for this étape is closed."))
    known = etape.inscrits.filter(courriel=courriel).first() if courriel else None
    if known and not known.annulee:
        tell(known, "inscription_deja", fact=uuid4().hex, langue=langue)
        return known, False
    inscription = known or Inscription(etape=etape, courriel=courriel)
    now = timezone.now()
    inscription.nom, inscription.organisation, inscription.besoins = nom, organisation, besoins
    inscription.accord, inscription.accord_le, inscription.langue = accord, now if accord else None, langue
    inscription.ajoutee_par, inscription.demandee_le = by, now
    inscription.rendez_vous = fingerprint(etape)
    inscription.annulee_le = inscription.arrivee_le = None
    _place(inscription, EtatInscription.ATTENTE if ouverture.is_full(etape) else EtatInscription.CONFIRMEE)
    letter = "inscription_confirmee" if inscription.confirmee else "inscription_attente"
    tell(inscription, letter, fact=f"{now.timestamp():.6f}")
    _announce(etape)
    return inscription, True


@transaction.atomic
def cancel(*, inscription, by=None):
    """Give the place back: the first who waits gets it. Twice is once.

    :returns: whether something changed.
    """
    etape = held(inscription.etape)
    inscription.refresh_from_db()
    if inscription.annulee:
        return False
    inscription.annulee_le = timezone.now()
    inscription.arrivee_le = None
    inscription.besoins = ""
    _place(inscription, EtatInscription.ANNULEE)
    tell(inscription, "inscription_annulee", fact=f"{inscription.annulee_le.timestamp():.6f}")
    _move_up(etape)
    _announce(etape)
    return True


@transaction.atomic
def give_place(*, inscription, by):
    """An organiser's own decision: this person comes, whoever else waits and however many places there are."""
    etape = held(inscription.etape)
    inscription.refresh_from_db()
    if not inscription.en_attente:
        return False
    _confirm(inscription)
    _announce(etape)
    return True


@transaction.atomic
def move_up(etape):
    """Those who wait get the places that there are, the first to have asked first.

    :returns: how many got one.
    """
    etape = held(etape)
    number = _move_up(etape)
    if number:
        _announce(etape)
    return number


def held(etape):
    """The étape as it stands, its row taken until the end of the transaction: the original of one that is translated, since
    whatever the language they are one meeting with one number of places.

    :raises RegistrationRefused: it was deleted.
    """
    key = langues.original_key(etape)
    if not lock_row(key):
        raise RegistrationRefused(_("This étape has been deleted."))
    return EtapePage.objects.get(pk=key)


def _move_up(etape):
    if not etape.a_lieu or etape.commence_le <= timezone.now():
        return 0
    number = 0
    for inscription in etape.inscrits.waiting():
        if ouverture.is_full(etape):
            break
        _confirm(inscription)
        number += 1
    return number


def _confirm(inscription):
    _place(inscription, EtatInscription.CONFIRMEE)
    tell(inscription, "inscription_place", fact=f"{inscription.confirmee_le.timestamp():.6f}")


def _place(inscription, etat):
    inscription.etat = etat
    inscription.confirmee_le = timezone.now() if etat == EtatInscription.CONFIRMEE else None
    inscription.save()


def tell(inscription, modele, *, fact, send_after=None, **contexte):
    """A letter to the person, once for each ``fact``; none to whom the organisers wrote down without an address.

    :param send_after: aware datetime before which it doesn't leave.
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


def _announce(etape):
    transaction.on_commit(lambda: places_changed.send(sender=EtapePage, etape=etape))
