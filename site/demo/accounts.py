"""The four accounts of the demonstration."""

import secrets

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

    A ``password`` is given to the accounts that exist too. The one returned is None when none was set. New accounts have
    no address yet (see :func:`give_addresses`).
    """
    model = get_user_model()
    users = {user.username: user for user in model.objects.filter(username__in=USERNAMES)}
    missing = [name for name in USERNAMES if name not in users]
    secret = password or (secrets.token_urlsafe(9) if missing else None)
    users |= {name: _new(name) for name in missing}
    for name in USERNAMES if password else missing:
        users[name].set_password(secret)
        users[name].save()
    return users, secret


def _new(name):
    first, last, group = ACCOUNTS[name]
    staff = {"is_staff": group is None, "is_superuser": group is None}
    return get_user_model()(username=name, first_name=first, last_name=last, **staff)


def join_groups(users):
    """Put each account in the group of its role, made by the roles of the core."""
    for name, (_first, _last, group) in ACCOUNTS.items():
        if group:
            users[name].groups.add(Group.objects.get(name=group))


def give_addresses(users):
    """Only once the content stands: nobody is mailed about the dossiers that are loaded."""
    for name, user in users.items():
        if not user.email:
            user.email = f"{name}@{DOMAIN}"
            user.save(update_fields=["email"])
