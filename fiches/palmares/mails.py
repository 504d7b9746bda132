"""The mail that invites a juror. Its password link is created when the mail is sent, and not stored."""

from typing import TYPE_CHECKING, Any

from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fiches.mail.outbox import admin_url
from fiches.mail.wordings import Obsolete, Wording, register_letter

if TYPE_CHECKING:
    from fiches.models import Courriel


INVITATION = Wording(gettext_lazy("Invitation to the jury"), ("nom", "edition", "acces", "lien"), ())


def complete(courriel: "Courriel") -> dict[str, str]:
    """Returns the context of the invitation.

    :raises Obsolete: the juror or the account was deleted.
    """
    jure = courriel.sujet
    if jure is None or jure.compte is None:
        raise Obsolete
    return {
        "nom": jure.nom,
        "edition": str(jure.palmares.edition),
        "acces": _access_text(jure.compte),
        "lien": admin_url(reverse("jury")),
    }


def _access_text(account: Any) -> str:
    if account.has_usable_password():
        return _("Log in with your usual account: %(name)s.") % {"name": account.get_username()}
    arguments = {
        "uidb64": urlsafe_base64_encode(force_bytes(account.pk)),
        "token": default_token_generator.make_token(account),
    }
    link = admin_url(reverse("wagtailadmin_password_reset_confirm", kwargs=arguments))
    return _("Your account name is %(name)s. Choose your password here: %(link)s") % {
        "name": account.get_username(),
        "link": link,
    }


def register() -> None:
    register_letter("jury_invitation", INVITATION, complete=complete, permission="rallynov_palmares.change_palmares")
