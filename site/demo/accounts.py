"""The four accounts of the demonstration."""

import secrets
from contextlib import contextmanager

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

ACCOUNTS = {
    "admin": ("Ariane", "Administration", None),
    "redaction": ("Rémi", "Rédaction", "Rédaction"),
    "moderation": ("Mona", "Modération", "Modération"),
    "partenaire": ("Paul", "Partenaire", "Partenaires"),
}
"""Username: first name, last name, group; without a group, a superuser."""
USERNAMES = tuple(ACCOUNTS)
DOMAIN = "rallynov.example"


def make_accounts(password):
    """``({username: user}, password)``: the missing accounts are made, with ``password`` or a random one.

    A ``password`` is given to the accounts that exist too. The one returned is None when none was set.
    """
    users = {user.username: user for user in get_user_model().objects.filter(username__in=USERNAMES)}
    missing = [name for name in USERNAMES if name not in users]
    secret = password or (secrets.token_urlsafe(9) if missing else None)
    users |= {name: _make(name) for name in missing}
    for name in USERNAMES if password else missing:
        users[name].set_password(secret)
        users[name].save(update_fields=["password"])
    return users, secret


def _make(name):
    first, last, group = ACCOUNTS[name]
    user = get_user_model().objects.create(
        username=name,
        first_name=first,
        last_name=last,
        email=f"{name}@{DOMAIN}",
        is_staff=group is None,
        is_superuser=group is None,
    )
    if group:
        user.groups.add(Group.objects.get(name=group))
    return user


@contextmanager
def nobody_mailed(users):
    """Meanwhile the accounts have no address: loading dossiers mails nobody."""
    kept = {name: user.email for name, user in users.items()}
    _address(users, dict.fromkeys(kept, ""))
    yield
    _address(users, kept)


def _address(users, addresses):
    for name, user in users.items():
        user.email = addresses[name]
        user.save(update_fields=["email"])
