"""Password reset by mail. The response does not reveal whether the account exists."""

import uuid
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.tokens import default_token_generator
from django.http import HttpResponse
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.auth import PasswordResetForm
from wagtail.admin.views.account import PasswordResetConfirmView
from wagtail.snippets.permissions import get_permission_name

from config.staff_login import StaffAdapter
from fiches.mail.outbox import admin_url, post
from fiches.mail.wordings import Obsolete, Wording, register_letter

LETTER = "mot_de_passe"


class QueuedResetForm(PasswordResetForm):
    """Puts the mail into the outbox, since the duration or failure of a direct sending would reveal that the account exists."""

    def save(self, *args: Any, **kwargs: Any) -> None:
        for user in self.get_users(self.cleaned_data["email"]):
            post(f"{LETTER}:{uuid.uuid4()}", modele=LETTER, destinataires=[user.email], contexte={"compte": user.pk})


class ConfirmView(PasswordResetConfirmView):
    """Forgets the failed attempts at the account, so that those of others do not block the log-in that follows."""

    def form_valid(self, form: Any) -> HttpResponse:
        StaffAdapter(self.request).forget_attempts(self.user)
        return super().form_valid(form)


def register() -> None:
    register_letter(
        LETTER,
        Wording(
            _("Accounts: forgotten password"),
            ("identifiant", "lien"),
            (),
        ),
        complete=_link,
        permission=get_permission_name("change", get_user_model()),
    )


def _link(courriel: Any) -> dict[str, str]:
    """The mail's placeholders. The token is created when the mail is sent, and not stored."""
    user = get_user_model().objects.filter(pk=courriel.contexte["compte"], is_active=True).first()
    if user is None or not user.has_usable_password():
        raise Obsolete
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    token = default_token_generator.make_token(user)
    where = reverse("wagtailadmin_password_reset_confirm", kwargs={"uidb64": uid, "token": token})
    return {"identifiant": user.get_username(), "lien": admin_url(where)}
