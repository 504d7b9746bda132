"""Begins dossiers, at the organisation's request or at the staff's after a tip; makes, resolves and revokes the secret links to them."""

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from fiches.candidatures.dossier_transitions import locked, note, record_event
from fiches.candidatures.enums import Etat, Suite
from fiches.candidatures.models import Appel, Dossier, Jeton
from fiches.content_language import default_language, in_default_language, languages
from fiches.forms.private_address import new_link_secret, secret_fingerprint
from fiches.mail import outbox
from fiches.territoire.gazetteer import resolve_commune

if TYPE_CHECKING:
    from fiches.candidatures.models import Signalement


def normalize_address(courriel: str) -> str:
    return courriel.strip().casefold()


@transaction.atomic
def ask_for_link(*, courriel: str, appel: Appel | None) -> list[Dossier]:
    """Mails ``courriel`` the links of its dossiers, and begins one if it has none in ``appel``. Returns the dossiers.

    Later mails of these dossiers are in the language of this request.

    :param appel: the open call, or None.
    """
    courriel = normalize_address(courriel)
    appel = lock_call(appel)
    dossiers = list(Dossier.objects.opened_to(courriel))
    langue = get_language() if get_language() in languages() else default_language()
    Dossier.objects.filter(pk__in=[dossier.pk for dossier in dossiers]).update(langue=langue)
    if appel and not any(dossier.appel_id == appel.pk for dossier in dossiers):
        dossiers.append(begin(courriel=courriel, appel=appel, langue=langue))
    if dossiers:
        send_links(courriel, dossiers)
    return dossiers


def lock_call(appel: Appel | None) -> Appel | None:
    """Locks the row of a call until the end of the transaction, so that simultaneous requests don't begin two dossiers."""
    return Appel.objects.select_for_update(of=("self",)).filter(pk=appel.pk).first() if appel else None


@in_default_language
def begin(*, courriel: str, appel: Appel, **fields: Any) -> Dossier:
    """Creates a draft dossier, whose contact is ``courriel`` at first. ``fields`` are other fields of the model."""
    dossier = Dossier.objects.create(courriel=normalize_address(courriel), appel=appel, **fields)
    if "contact_courriel" not in dossier.reponses:
        dossier.reponses = {**dossier.reponses, "contact_courriel": dossier.courriel}
        dossier.save(update_fields=["reponses"])
    record_event(dossier, gettext_noop("Dossier begun"))
    return dossier


def send_links(courriel: str, dossiers: list[Dossier]) -> None:
    """Sends one mail with the links of ``dossiers``. The same request within ``outbox.REPEAT_INTERVAL`` seconds sends nothing."""
    first = min(dossier.pk for dossier in dossiers)
    outbox.post(
        f"lien:{first}:{len(dossiers)}:{outbox.request_slot()}:{secret_fingerprint(courriel)[:16]}",
        modele="lien",
        destinataires=[courriel],
        sujet=None,
        contexte={"dossiers": [dossier.pk for dossier in dossiers], "langue": get_language()},
    )


@transaction.atomic
def invite(*, signalement: "Signalement", by: AbstractUser | AnonymousUser) -> Dossier:
    """Begins a dossier from a tip and mails its link to the organisation. Returns the dossier; idempotent.

    An organisation that already has a dossier in this call is sent the link of that one, unless it is sent.

    :raises ValidationError: no call is open, so the dossier could not be sent.
    """
    appel = lock_call(Appel.objects.current())
    if existing := signalement.dossiers.first():
        return existing
    if appel is None:
        raise ValidationError(_("No call is open: invite it once one is."))
    courriel = normalize_address(signalement.contact)
    own = Dossier.objects.opened_to(courriel).filter(appel=appel).exclude(clos=Etat.REFUSE)
    values = {"organisation": signalement.organisation, "reponses": _answers_of(signalement)}
    dossier = own.first() or begin(courriel=courriel, appel=appel, **values)
    if dossier.signalement_id is None:
        dossier.signalement = signalement
        dossier.save(update_fields=["signalement"])
    note(dossier, _("Invited after a tip"), auteur=by)
    signalement.suite = Suite.INVITE
    signalement.save(update_fields=["suite"])
    key = f"invitation:{dossier.pk}:{signalement.pk}"
    outbox.post(key, modele="invitation", destinataires=[dossier.courriel], sujet=dossier)
    return dossier


def _answers_of(tip: "Signalement") -> dict[str, str]:
    """Returns the answers that a tip gives; its place only if it names one commune."""
    answers = {"organisation": tip.organisation, "description": tip.innovation}
    with suppress(ValidationError):
        answers["commune"] = str(resolve_commune(tip.lieu))
    return answers


@transaction.atomic
def invite_again(*, dossier: Dossier, by: AbstractUser | AnonymousUser) -> Dossier:
    """Revokes the links of a dossier and mails a new one."""
    current = locked(dossier)
    revoke(current)
    text = gettext_noop("A new link was sent; the former ones no longer work")
    line = record_event(current, text, auteur=by)
    contexte = {"dossiers": [current.pk], "langue": current.langue}
    outbox.post(f"relance:{line.pk}", modele="lien", destinataires=[current.courriel], contexte=contexte)
    return current


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
