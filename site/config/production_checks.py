"""Checks of environment variables in production, beyond their syntax: an invalid value stops the start with one line.

`docs/exploitation.md` lists the variables; `tests/config/test_environment.py` tests a wrong value of each.
"""

import os
from difflib import get_close_matches
from email.utils import parseaddr
from itertools import combinations
from pathlib import Path

from config.environment import READ_VARIABLES, is_mail_address, processes, refuse, socket, text

LOST_MAILS = ("consolemail", "memorymail", "dummymail")
# Variables that no setting reads: those of gunicorn, nginx, `mettre-a-jour`, and of tests that start a server.
OF_OTHER_PROGRAMS = {
    f"RALLYNOV_{name}"
    for name in (
        *("CERTIFICATE", "CERTIFICATE_KEY", "HOSTS", "HSTS", "HTTPS_PORT", "HTTP_PORT", "LOG", "MEDIA", "PROXY_CONF"),
        *("STATIC", "UPSTREAM", "DOSSIER_SAUVEGARDES", "ENV", "INSTANCES", "RACINE"),
        *("ATTAQUES", "MIGREE", "MIGREE_SQLITE", "TOURS", "VERSIONS"),
    )
}


def check_all() -> None:
    """Checks the folders, the mails and the server's own variables."""
    for name in ("MEDIA_ROOT", "RALLYNOV_PRIVATE_ROOT", "STATIC_ROOT", "RALLYNOV_LOCKS_FOLDER"):
        _check_folder(name)
    _check_folders_apart()
    _check_mail()
    processes("RALLYNOV_WORKERS")
    socket("RALLYNOV_BIND")


def check_names() -> None:
    """Refuses a ``RALLYNOV_`` variable that nothing reads, since a typo would silently leave the default. To be called after
    all settings have been read."""
    known = READ_VARIABLES | OF_OTHER_PROGRAMS
    for name in sorted(os.environ):
        if name.startswith("RALLYNOV_") and name not in known:
            close = get_close_matches(name, sorted(known), n=1)
            refuse(
                name,
                "n’existe pas" + (f" : vouliez-vous dire {close[0]} ?" if close else " (voir docs/exploitation.md)."),
            )


def _check_folder(name: str) -> None:
    """Checks that the folder or its parent exists and is writable (STATIC_ROOT need not be)."""
    value = text(name)
    if not value:
        return
    folder = Path(value)
    if not folder.is_absolute():
        refuse(name, f"vaut « {value} » : un chemin complet, qui commence par /, est attendu.")
    existing = folder if folder.exists() else folder.parent
    if not existing.is_dir() or existing == Path("/"):
        refuse(name, f"vaut « {value} » : ce dossier n’existe pas. Créez-le, et donnez-le au compte du site.")
    if name != "STATIC_ROOT" and not os.access(existing, os.W_OK | os.X_OK):
        refuse(name, f"vaut « {value} » : le compte du site ne peut pas y écrire.")


def _check_folders_apart() -> None:
    """Checks that the folders of private, public and static files are not inside one another."""
    for name, other in combinations(("RALLYNOV_PRIVATE_ROOT", "MEDIA_ROOT", "STATIC_ROOT"), 2):
        one, two = text(name), text(other)
        if one and two and (Path(one).is_relative_to(two) or Path(two).is_relative_to(one)):
            refuse(name, f"et {other} sont l’un dans l’autre : donnez deux dossiers séparés.")


def _check_mail() -> None:
    if text("EMAIL_URL").partition("://")[0] in LOST_MAILS:
        refuse("EMAIL_URL", "n’envoie aucun courriel : utilisez smtp+tls://utilisateur:secret@hôte:587.")
    sender = text("RALLYNOV_FROM_EMAIL")
    if sender and not is_mail_address(parseaddr(sender)[1]):
        refuse("RALLYNOV_FROM_EMAIL", f"vaut « {sender} » : « Rally’nov <ne-pas-repondre@exemple.fr> » est attendu.")
