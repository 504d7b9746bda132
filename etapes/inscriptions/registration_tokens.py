"""Secret links to a registration, for people without an account."""

from typing import Any

from django.urls import reverse

from etapes.models import Inscription, JetonDInscription
from fiches.link_secrets import fingerprint, new_secret
from fiches.mail.outbox import absolute


def new_link(inscription: Any) -> str:
    """Creates a secret URL of the registration. Only the secret's fingerprint is stored."""
    secret = new_secret()
    JetonDInscription.objects.create(inscription=inscription, empreinte=fingerprint(secret))
    return absolute(reverse("inscription", args=[secret]))


def inscription_of(secret: str) -> Inscription | None:
    """The registration that ``secret`` gives access to, or None."""
    inscriptions = Inscription.objects.select_related("etape__commune")
    return inscriptions.filter(jetons__empreinte=fingerprint(secret)).first()


def door_address(inscription: Any) -> str:
    """The URL in the QR code: the check-in page, for organisers only."""
    return absolute(reverse("etapes_arrivee", args=[inscription.cle]))
