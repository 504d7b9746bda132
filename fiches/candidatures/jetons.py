"""The links of a dossier: which secret opens what (see `fiches.jetons`)."""

from django.db import transaction
from django.utils import timezone

from fiches.candidatures.enums import Usage
from fiches.candidatures.models import Dossier, Jeton
from fiches.jetons import fingerprint, new_secret


def mint(dossier, *, usage=Usage.DOSSIER):
    """A new secret for ``dossier``. It is returned this once, for a mail, and kept nowhere."""
    secret = new_secret()
    Jeton.objects.create(dossier=dossier, usage=usage, empreinte=fingerprint(secret))
    return secret


def dossier_of(secret, *, usage=Usage.DOSSIER):
    """The dossier that a valid secret was made for, or None: unknown, revoked, expired and of another use are alike.

    A dossier merged into another keeps its links, and its links open that dossier alone: a merge gives nobody access.
    """
    valid = Jeton.objects.valid().select_related("dossier__appel")
    jeton = valid.filter(empreinte=fingerprint(secret), usage=usage).first()
    return jeton.dossier if jeton else None


@transaction.atomic
def revoke(dossier: Dossier, *, usage=None):
    """From now on no link sent before opens this dossier; returns how many did."""
    jetons = dossier.jetons.valid()
    if usage:
        jetons = jetons.filter(usage=usage)
    return jetons.update(revoque=timezone.now())
