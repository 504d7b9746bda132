"""Secret links to a registration, for people without an account."""

from django.urls import reverse

from etapes.models import Inscription
from fiches.mail.outbox import admin_url
from fiches.mail.subscriptions import Secrets

_secrets = Secrets("etapes.inscription")


def link_to(inscription: Inscription) -> str:
    """The secret URL of the registration."""
    return admin_url(reverse("inscription", args=[_secrets.of(inscription.cle)]))


def inscription_of(secret: str) -> Inscription | None:
    """The registration that ``secret`` gives access to, or None."""
    inscriptions = Inscription.objects.select_related("etape__commune")
    return inscriptions.filter(cle=key).first() if (key := _secrets.key(secret)) else None


def door_address(inscription: Inscription) -> str:
    """The URL in the QR code: the check-in page, for organisers only."""
    return admin_url(reverse("etapes_arrivee", args=[inscription.cle]))
