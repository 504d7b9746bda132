"""The five accounts of the demonstration."""

import secrets
from contextlib import contextmanager

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

# Username: first name, last name, group; without a group, a superuser.
ACCOUNTS = {
    "admin": ("Ariane", "Administration", None),
    "redaction": ("Rémi", "Rédaction", "Rédaction"),
    "moderation": ("Mona", "Modération", "Modération"),
    "partenaire": ("Paul", "Partenaire", "Partenaires"),
    "jury": ("Jeanne", "Jury", "Jury"),
}
USERNAMES = tuple(ACCOUNTS)
DOMAIN = "rallynov.example"


def make_accounts(password):
    """``({username: user}, password)``: the missing accounts are made, with ``password`` or a random one.

    A ``password`` is given to the accounts that exist too. The one returned is None when none was set. New accounts have
    no address: see :func:`nobody_mailed`.
    """
    users = {user.username: user for user in get_user_model().objects.filter(username__in=USERNAMES)}
    missing = [name for name in USERNAMES if name not in users]
    secret = password or (secrets.token_urlsafe(9) if missing else None)
    users |= {name: _make(name) for name in missing}
    for name in USERNAMES if password else missing:
        users[name].set_password(secret)
        users[name].save(update_fields=["password"])
    return users, secret


def open_accounts():
    """The usernames of the accounts of the demonstration that somebody can still log in with."""
    users = get_user_model().objects.filter(username__in=USERNAMES, is_active=True)
    return sorted(users.values_list("username", flat=True))


def _make(name):
    first, last, group = ACCOUNTS[name]
    user = get_user_model().objects.create(
        username=name,
        first_name=first,
        last_name=last,
        is_staff=group is None,
        is_superuser=group is None,
    )
    if group:
        user.groups.add(Group.objects.get(name=group))
    return user


@contextmanager
def nobody_mailed():
    """Meanwhile, commit included, the accounts have no address: loading dossiers mails nobody. Then each has one."""
    accounts = get_user_model().objects.filter(username__in=USERNAMES)
    kept = dict(accounts.values_list("username", "email"))
    accounts.update(email="")
    try:
        yield
    finally:
        for user in accounts.all():
            user.email = kept.get(user.username) or f"{user.username}@{DOMAIN}"
            user.save(update_fields=["email"])
