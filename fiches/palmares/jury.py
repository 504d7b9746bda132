"""Who sits in the jury: invited by mail, with an account that opens their scoring screen and nothing else."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from fiches.mail.outbox import post
from fiches.palmares.enums import Etat
from fiches.palmares.models import Jure
from fiches.palmares.roles import JURY
from fiches.palmares.verrou import Refused, held, public_changed


@transaction.atomic
def invite_juror(palmares, *, nom, courriel, fonction=""):
    """A seat in the jury, and a mail that says how to come in. Who has an account already keeps it, and its rights.

    :raises Refused: the scoring is closed, or they sit in it already.
    """
    palmares = held(palmares.pk)
    if palmares.etat == Etat.CLOSE:
        raise Refused(_("The scoring is closed: nobody joins the jury any more."))
    account = _account(courriel, nom)
    if palmares.jures.filter(compte=account).exists():
        raise Refused(_("This person sits in the jury already."))
    jure = Jure.objects.create(palmares=palmares, compte=account, nom=nom, fonction=fonction)
    write_to(jure)
    return jure


def write_to(jure):
    """Sends (again) the mail that lets a juror in."""
    post(
        f"jury:{jure.pk}:{get_random_string(8)}",
        modele="jury_invitation",
        destinataires=[jure.compte.email],
        sujet=jure,
        contexte={},
    )


@transaction.atomic
def remove_juror(jure):
    """Takes a seat back, with what was scored from it: only while no score counts yet.

    :raises Refused: the scoring is closed.
    """
    if held(jure.palmares_id).etat == Etat.CLOSE:
        raise Refused(_("The scoring is closed: the jury doesn’t change any more."))
    account = jure.compte
    jure.delete()
    if account and not account.jurys.exists():
        account.groups.remove(*Group.objects.filter(name=JURY))
    public_changed.send(sender=Jure, fiches=[])


def _account(courriel, nom):
    User = get_user_model()
    account = User.objects.filter(email__iexact=courriel, is_active=True).order_by("pk").first()
    if account is None:
        first, _space, last = nom.partition(" ")
        account = User(email=courriel, first_name=first[:30], last_name=last[:30])
        setattr(account, User.USERNAME_FIELD, _free_name(User, courriel))
        account.set_unusable_password()
        account.save()
    account.groups.add(Group.objects.get_or_create(name=JURY)[0])
    return account


def _free_name(User, courriel):  # noqa: N803 - a model
    """The e-mail, unless an account that is no longer active has it as its name."""
    taken = User.objects.filter(**{User.USERNAME_FIELD: courriel}).exists()
    return f"{courriel[:130]}-{get_random_string(6)}" if taken else courriel
