"""Secret links to a dossier: creates, resolves and revokes them (see `fiches.link_secrets`)."""

from django.utils import timezone

from fiches.candidatures.models import Dossier, Jeton
from fiches.link_secrets import new_link_secret, secret_fingerprint


def mint(dossier: Dossier) -> str:
    """Creates and returns a new secret for ``dossier``, to be put in a mail. Only its fingerprint is stored."""
    secret = new_link_secret()
    Jeton.objects.create(dossier=dossier, empreinte=secret_fingerprint(secret))
    return secret


def dossier_of(secret: str) -> Dossier | None:
    """Returns the dossier of a secret; None if the secret is unknown, revoked or expired."""
    valid = Jeton.objects.valid().select_related("dossier__appel")
    jeton = valid.filter(empreinte=secret_fingerprint(secret)).first()
    return jeton.dossier if jeton else None


def revoke(dossier: Dossier) -> int:
    """Revokes the valid links of a dossier and returns how many there were."""
    return dossier.jetons.valid().update(revoque=timezone.now())
