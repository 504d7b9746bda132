"""The link by which somebody finds their registration again, without an account."""

from django.urls import reverse

from etapes.models import Inscription, JetonDInscription
from fiches.jetons import fingerprint, new_secret
from fiches.mail.outbox import absolute


def mint(inscription):
    """A new private address of the registration, for a mail; its secret is kept nowhere."""
    secret = new_secret()
    JetonDInscription.objects.create(inscription=inscription, empreinte=fingerprint(secret))
    return absolute(reverse("inscription", args=[secret]))


def inscription_of(secret):
    """The registration that a secret opens, or None."""
    found = Inscription.objects.select_related("etape__commune").filter(jetons__empreinte=fingerprint(secret))
    return found.first()


def door_address(inscription):
    """What the QR code leads to: an address that answers to organisers only."""
    return absolute(reverse("etapes_arrivee", args=[inscription.cle]))
