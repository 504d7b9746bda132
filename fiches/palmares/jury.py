"""Invites and removes jurors. A juror's new account opens the scoring screens only."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser
from django.db import transaction
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from fiches.mail.outbox import post
from fiches.moderation.roles import JURY, role_group
from fiches.palmares.enums import EtatDuPalmares
from fiches.palmares.models import Jure, Palmares
from fiches.palmares.palmares_lock import ActionRefused, lock_palmares, public_changed


@transaction.atomic
def invite_juror(palmares: Palmares, *, nom: str, courriel: str, fonction: str = "") -> Jure:
    """Adds a juror and mails an invitation. An existing account with this address is used, and keeps its permissions.

    :returns: the new ``Jure``.
    :raises ActionRefused: the scoring is closed, or the person is already in the jury.
    """
    palmares = lock_palmares(palmares.pk)
    if palmares.etat == EtatDuPalmares.CLOSE:
        raise ActionRefused(_("The scoring is closed: nobody joins the jury any more."))
    account = _account(courriel, nom)
    if palmares.jures.filter(compte=account).exists():
        raise ActionRefused(_("This person sits in the jury already."))
    jure = Jure.objects.create(palmares=palmares, compte=account, nom=nom, fonction=fonction)
    send_invitation(jure)
    return jure


def send_invitation(jure: Any) -> None:
    """Mails the invitation to a juror, also a second time."""
    post(
        f"jury:{jure.pk}:{get_random_string(8)}",
        modele="jury_invitation",
        destinataires=[jure.compte.email],
        sujet=jure,
        contexte={},
    )


@transaction.atomic
def remove_juror(jure: Jure) -> None:
    """Deletes a juror with their scores, and removes the account from the jury's group if it sits in no other jury.

    :raises ActionRefused: the scoring is closed.
    """
    if lock_palmares(jure.palmares_id).etat == EtatDuPalmares.CLOSE:
        raise ActionRefused(_("The scoring is closed: the jury doesn’t change any more."))
    account = jure.compte
    jure.delete()
    if account and not account.jurys.exists():
        account.groups.remove(role_group(JURY))
    public_changed.send(sender=Jure, fiches=[])


def _account(courriel: str, nom: str) -> AbstractUser:
    """Returns the active account of this address, created without a password if there is none, in the jury's group."""
    User = get_user_model()
    account = User.objects.filter(email__iexact=courriel, is_active=True).order_by("pk").first()
    if account is None:
        first, _space, last = nom.partition(" ")
        account = User(email=courriel, first_name=first, last_name=last)
        setattr(account, User.USERNAME_FIELD, _free_username(User, courriel))
        account.set_unusable_password()
        account.save()
    account.groups.add(role_group(JURY))
    return account


def _free_username(User: Any, courriel: Any) -> str:  # noqa: N803 - a model
    """Returns the e-mail as a user name, with a random suffix if an account has it already; 150 characters at most, as the field
    holds."""
    name = courriel[:150]
    is_taken = User.objects.filter(**{User.USERNAME_FIELD: name}).exists()
    return f"{courriel[:143]}-{get_random_string(6)}" if is_taken else name
