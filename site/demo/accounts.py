"""The accounts of the demonstration."""

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
    """Creates the accounts, with ``password``; returns ``{username: user}``.

    They have no mail address until :func:`give_addresses`, so that loading mails nobody.
    """
    return {name: _make(name, password) for name in USERNAMES}


def give_addresses():
    for user in get_user_model().objects.filter(username__in=USERNAMES):
        user.email = f"{user.username}@{DOMAIN}"
        user.save(update_fields=["email"])


def _make(name, password):
    first, last, group = ACCOUNTS[name]
    user = get_user_model().objects.create_user(
        name,
        password=password,
        first_name=first,
        last_name=last,
        is_staff=group is None,
        is_superuser=group is None,
    )
    if group:
        user.groups.add(role_group(group))
    return user
