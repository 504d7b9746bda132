"""Whose an account is, and how it is forgotten."""

from django.apps import apps
from django.contrib.auth import get_user_model
from wagtail.models import APIToken

# What leaves with an account.
OF_AN_ACCOUNT = ("account.EmailAddress", "mfa.Authenticator", "wagtailusers.UserProfile")


def accounts_of(courriel):
    return get_user_model()._default_manager.filter(email__iexact=courriel)


def forget_account(user):
    """Nobody logs in with it any more. Its row stays under a number, since what it decided names it."""
    user.username, user.email, user.first_name, user.last_name = f"efface-{user.pk}", "", "", ""
    user.is_active = False
    user.set_unusable_password()
    user.save()
    APIToken.objects.filter(user=user).delete()
    for label in OF_AN_ACCOUNT:
        if label.partition(".")[0] in apps.app_configs:
            for row in apps.get_model(label)._default_manager.filter(user=user):
                if getattr(row, "avatar", None):
                    row.avatar.delete(save=False)
                row.delete()
