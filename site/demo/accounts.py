"""The accounts of the demonstration."""

import secrets
from contextlib import contextmanager

from django.contrib.auth import get_user_model

from fiches.moderation.roles import role_group

# {username: (first name, last name, group)}; without a group, a superuser.
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
    """Creates the missing accounts, with ``password`` or a random one; sets a given ``password`` on existing accounts too.

    New accounts have no mail address: see :func:`nobody_mailed`.

    :returns: ``({username: user}, password)``; the password is None if none was set.
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
    """The usernames of the demonstration's active accounts, sorted."""
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
        user.groups.add(role_group(group))
    return user


@contextmanager
def nobody_mailed():
    """Context manager: removes the accounts' mail addresses until after the commit, so that loading mails nobody, then gives
    each one its address back or a new one."""
    accounts = get_user_model().objects.filter(username__in=USERNAMES)
    addresses = dict(accounts.values_list("username", "email"))
    accounts.update(email="")
    try:
        yield
    finally:
        for user in accounts.all():
            user.email = addresses.get(user.username) or f"{user.username}@{DOMAIN}"
            user.save(update_fields=["email"])
