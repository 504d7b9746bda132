"""Secret links to a dossier: creates, resolves and revokes them (see `fiches.link_secrets`)."""

from django.utils import timezone

from fiches.candidatures.enums import Usage
from fiches.candidatures.models import Dossier, Jeton
from fiches.link_secrets import new_link_secret, secret_fingerprint


def mint(dossier: Dossier, *, usage: str = Usage.DOSSIER) -> str:
    """Creates and returns a new secret for ``dossier``, to be put in a mail. Only its fingerprint is stored."""
    secret = new_link_secret()
    Jeton.objects.create(dossier=dossier, usage=usage, empreinte=secret_fingerprint(secret))
    return secret


def dossier_of(secret: str, *, usage: str = Usage.DOSSIER) -> Dossier | None:
    """Returns the dossier of a secret; None if the secret is unknown, revoked, expired or made for another use."""
    valid = Jeton.objects.valid().select_related("dossier__appel")
    jeton = valid.filter(empreinte=secret_fingerprint(secret), usage=usage).first()
    return jeton.dossier if jeton else None


def revoke(dossier: Dossier, *, usage: str | None = None) -> int:
    """Revokes the valid links of a dossier (those of one ``usage``, if given) and returns how many there were."""
    jetons = dossier.jetons.valid()
    if usage:
        jetons = jetons.filter(usage=usage)
    return jetons.update(revoque=timezone.now())
