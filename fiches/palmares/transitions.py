"""The transitions of a palmarès, each under the lock of its row: scoring opened and closed, category decided, results announced,
published, withdrawn; and the jury's invitations."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.utils import get_user_display_name

from fiches import content_language
from fiches.mail.outbox import admin_url, post
from fiches.mail.wordings import Obsolete, Wording, register_letter
from fiches.models import Courriel
from fiches.moderation.roles import JURY, role_group
from fiches.palmares.models import Categorie, Decision, EtatDuPalmares, Jure, Palmares, Prix
from fiches.publications import ledger
from fiches.publications.version import register_moments
from fiches.upkeep.periodic import register_periodic

INVITATION = Wording(gettext_lazy("Invitation to the jury"), ("nom", "edition", "acces", "lien"), ())


class ActionRefused(Exception):  # noqa: N818 - a refusal shown to the user, not a fault
    """The action is not allowed now. The message is for the user."""


def lock_palmares(pk: int) -> Palmares:
    """Locks the row of a palmarès until the end of the transaction, and returns it read anew."""
    return Palmares.objects.select_for_update().get(pk=pk)


def too_late() -> str:
    return _("The scoring is open or closed: what scores depend on doesn’t change any more.")


def missing_before_results(palmares: Palmares) -> list[str]:
    """Returns why the scoring can't be opened, as a list of sentences; empty if it can."""
    missing = []
    if not palmares.criteres.exists():
        missing.append(_("There is no scoring criterion."))
    categories = list(palmares.categories.annotate(nombre=Count("nominations")))
    if not categories:
        missing.append(_("There is no category."))
    for category in categories:
        if not category.nombre:
            missing.append(_("No fiche is nominated in “%(name)s”.") % {"name": category.nom})
    if not palmares.jures.exists():
        missing.append(_("Nobody sits in the jury."))
    return missing


@transaction.atomic
def open_scoring(palmares: Palmares) -> None:
    """Opens the scoring; categories, nominations and criteria can no longer change.

    :raises ActionRefused: something is missing, or the scoring was opened already.
    """
    palmares = lock_palmares(palmares.pk)
    if palmares.etat != EtatDuPalmares.PREPARATION:
        raise ActionRefused(_("The scoring was opened already."))
    if missing := missing_before_results(palmares):
        raise ActionRefused(" ".join(missing))
    palmares.etat = EtatDuPalmares.NOTATION
    palmares.save()


@transaction.atomic
def close_scoring(palmares: Palmares) -> None:
    """Closes the scoring: scores can no longer change, and may be read. Waits for a juror who is saving.

    :raises ActionRefused: the scoring is not open.
    """
    palmares = lock_palmares(palmares.pk)
    if palmares.etat != EtatDuPalmares.NOTATION:
        raise ActionRefused(_("The scoring is not open."))
    palmares.etat, palmares.clos_le = EtatDuPalmares.CLOSE, timezone.now()
    palmares.save()


@transaction.atomic
def record_decision(
    categorie: Categorie, *, prizes: list[Any], motifs: str, by: Any, read: int | None = None
) -> Decision:
    """Records the prizes of a category and the reasons. The former decision is kept, no longer in force.

    :param prizes: ``[(Nomination, Rang, citation)]``; may be empty.
    :param read: key of the decision in force that the user saw, or None.
    :returns: the new ``Decision``.
    :raises ActionRefused: the scoring is not closed, the results are public, a nomination is of another category, or somebody
        decided meanwhile.
    """
    palmares = lock_palmares(categorie.palmares_id)
    if palmares.etat != EtatDuPalmares.CLOSE:
        raise ActionRefused(_("The scoring is not closed: there is nothing to decide on yet."))
    if palmares.est_publie:
        raise ActionRefused(_("The results are public: withdraw the announcement before you change a decision."))
    in_force = categorie.decisions.filter(en_vigueur=True).first()
    if (in_force.pk if in_force else None) != read:
        raise ActionRefused(_("Somebody decided on this category meanwhile: read it again before you change it."))
    if any(nomination.categorie_id != categorie.pk for nomination, _rank, _citation in prizes):
        raise ActionRefused(_("A prize goes to a fiche that is nominated in the category."))
    categorie.decisions.filter(en_vigueur=True).update(en_vigueur=False)
    name = get_user_display_name(by)
    decision = Decision.objects.create(categorie=categorie, motifs=motifs, par=by, par_nom=name, le=timezone.now())
    Prix.objects.bulk_create(
        Prix(decision=decision, nomination=nomination, rang=rank, citation=citation)
        for nomination, rank, citation in prizes
    )
    return decision


@transaction.atomic
def announce(palmares: Palmares, *, embargo: datetime) -> None:
    """Sets the end of the embargo: the results become public at ``embargo``. Until then, another call changes the date.

    :raises ActionRefused: a category has no decision, or the results are public.
    """
    palmares = lock_palmares(palmares.pk)
    if palmares.etat != EtatDuPalmares.CLOSE:
        raise ActionRefused(_("The scoring is not closed."))
    if palmares.est_publie:
        raise ActionRefused(_("The results are public already."))
    undecided = palmares.categories.exclude(decisions__en_vigueur=True)
    if undecided.exists():
        names = ", ".join(undecided.values_list("nom", flat=True))
        raise ActionRefused(_("These categories await their decision: %(names)s.") % {"names": names})
    palmares.embargo, palmares.diffuse_le = embargo, None
    if palmares.est_publie:
        release(palmares)
    else:
        palmares.save()


def publish_now(palmares: Palmares) -> None:
    """Makes the results public now; refused as :func:`announce` is."""
    announce(palmares, embargo=timezone.now())


@transaction.atomic
def withdraw_announcement(palmares: Palmares) -> None:
    """Hides the results everywhere and deletes their date, to correct an announcement.

    :raises ActionRefused: nothing is announced.
    """
    palmares = lock_palmares(palmares.pk)
    if palmares.embargo is None:
        raise ActionRefused(_("Nothing is announced."))
    palmares.embargo = palmares.diffuse_le = None
    palmares.save()
    _record_fiches(palmares)


def upcoming(now: datetime) -> QuerySet:
    """Returns the ends of the embargoes to come, the next one first, as a queryset of one column."""
    return Palmares.objects.filter(embargo__gt=now).order_by("embargo").values("embargo")


@transaction.atomic
def settle() -> int:
    """Records the palmarès whose embargo has ended, for caches and the API, and returns their number. Queries need nothing:
    ``Prix.objects.public()`` compares with the clock."""
    released = list(Palmares.objects.filter(embargo__lte=timezone.now(), diffuse_le=None).select_for_update())
    for palmares in released:
        release(palmares)
    return len(released)


def release(palmares: Palmares) -> None:
    """Records in the register that the embargo of a palmarès has ended."""
    palmares.diffuse_le = timezone.now()
    palmares.save()
    _record_fiches(palmares)


def _record_fiches(palmares: Palmares) -> None:
    fiches = Prix.objects.in_force().filter(decision__categorie__palmares=palmares)
    keys = content_language.keys_of_translations(fiches.values_list("nomination__fiche_id", flat=True))
    ledger.record(ledger.FICHE, keys, is_direct=False)


# The jury


@transaction.atomic
def invite_juror(palmares: Palmares, *, nom: str, courriel: str, fonction: str = "") -> Jure:
    """Adds a juror and mails an invitation. An existing account with this address is used, and keeps its permissions.

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


def send_invitation(jure: Jure) -> None:
    """Mails the invitation to a juror, also a second time.

    :raises ActionRefused: the account was deleted.
    """
    if jure.compte is None:
        raise ActionRefused(_("This person has no account any more."))
    key = f"jury:{jure.pk}:{get_random_string(8)}"
    post(key, modele="jury_invitation", destinataires=[jure.compte.email], sujet=jure, contexte={})


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


def _free_username(User: Any, courriel: str) -> str:  # noqa: N803 - a model
    """Returns the e-mail as a user name, with a random suffix if an account has it already; 150 characters at most, as the field
    holds."""
    name = courriel[:150]
    is_taken = User.objects.filter(**{User.USERNAME_FIELD: name}).exists()
    return f"{courriel[:143]}-{get_random_string(6)}" if is_taken else name


def complete_invitation(courriel: Courriel) -> dict[str, str]:
    """Returns the context of the invitation. Its password link is made when the mail leaves, and not stored.

    :raises Obsolete: the juror or the account was deleted.
    """
    jure = courriel.sujet
    if jure is None or jure.compte is None:
        raise Obsolete
    account = jure.compte
    access = _("Log in with your usual account: %(name)s.")
    values = {"name": account.get_username()}
    if not account.has_usable_password():
        access = _("Your account name is %(name)s. Choose your password here: %(link)s")
        token = {
            "uidb64": urlsafe_base64_encode(force_bytes(account.pk)),
            "token": default_token_generator.make_token(account),
        }
        values["link"] = admin_url(reverse("wagtailadmin_password_reset_confirm", kwargs=token))
    return {
        "nom": jure.nom,
        "edition": str(jure.palmares.edition),
        "acces": access % values,
        "lien": admin_url(reverse("jury")),
    }


def register() -> None:
    register_letter(
        "jury_invitation", INVITATION, complete=complete_invitation, permission="rallynov_palmares.change_palmares"
    )
    register_moments(upcoming, settle)
    register_periodic("palmares", settle, every=timedelta(minutes=1))
