"""Finds and erases user accounts."""

from collections.abc import Iterator

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser
from django.db.models import QuerySet

# Models whose rows are deleted with an account.
ACCOUNT_MODELS = ("account.EmailAddress", "mfa.Authenticator", "wagtailusers.UserProfile")


def accounts_of(courriel: str) -> QuerySet:
    """Returns the accounts with this address."""
    return get_user_model()._default_manager.filter(email__iexact=courriel)


def contacts_of_accounts() -> Iterator[tuple[str, str, str]]:
    """The name, no phone number and the address of every account."""
    for user in get_user_model()._default_manager.iterator():
        yield f"{user.get_full_name()}, {user.get_username()}", "", user.email


def forget_account(user: AbstractUser) -> None:
    """Anonymises and deactivates an account. Its row stays, since decisions refer to it."""
    user.username, user.email, user.first_name, user.last_name = f"efface-{user.pk}", "", "", ""
    user.is_active = False
    user.set_unusable_password()
    user.save()
    for label in ACCOUNT_MODELS:
        if label.partition(".")[0] in apps.app_configs:
            for row in apps.get_model(label)._default_manager.filter(user=user):
                if getattr(row, "avatar", None):
                    row.avatar.delete(save=False)
                row.delete()
