"""Checks of environment variables in production, beyond their syntax: an invalid value stops the start with one line.

`docs/exploitation.md` lists the variables; `tests/config/test_environment.py` tests a wrong value of each.
"""

import os
import re
from difflib import get_close_matches
from email.utils import parseaddr
from itertools import combinations
from pathlib import Path
from urllib.parse import urlsplit

from config.environment import (
    READ_VARIABLES,
    REDIS_SCHEMES,
    database,
    is_mail_address,
    number,
    processes,
    refuse,
    socket,
    switch,
    text,
    web_address,
)

HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9a-fA-F:]+\]")
LOST_MAILS = ("consolemail", "memorymail", "dummymail")
ADDRESSES = (
    "BASE_URL",
    "SENTRY_DSN",
    "RALLYNOV_FRONT_URL",
    "RALLYNOV_GEOCODER_URL",
    "RALLYNOV_SIRET_URL",
)
# Variables that no setting reads: those of gunicorn, nginx, `mettre-a-jour`, and of tests that start a server.
OF_OTHER_PROGRAMS = {
    f"RALLYNOV_{name}"
    for name in (
        *("CERTIFICATE", "CERTIFICATE_KEY", "HOSTS", "HSTS", "HTTPS_PORT", "HTTP_PORT", "LOG", "MEDIA", "PROXY_CONF"),
        *("STATIC", "UPSTREAM", "DOSSIER_SAUVEGARDES", "ENV", "INSTANCES", "RACINE"),
        *("ATTAQUES", "MIGREE", "MIGREE_SQLITE", "TOURS", "VERSIONS"),
    )
}
# The largest sensible value of each number.
MOST = {
    "RALLYNOV_TRUSTED_PROXIES": 10,
    "RALLYNOV_API_QUOTA": 1_000_000,
    "RALLYNOV_KEEP_DRAFTS_MONTHS": 120,
    "RALLYNOV_KEEP_REFUSED_MONTHS": 120,
    "RALLYNOV_KEEP_UNDECIDED_MONTHS": 120,
}


def check_all(hosts: list[str]) -> None:
    """Checks all variables. ``hosts``: the value of ALLOWED_HOSTS."""
    for host in hosts:
        if not HOST.fullmatch(host):
            refuse("ALLOWED_HOSTS", f"contient « {host} » : un nom d’hôte exact, sans port, est attendu.")
    for name in ADDRESSES:
        _check_address(name)
    for name, most in MOST.items():
        if number(name, 0) > most:
            refuse(name, f"vaut « {text(name)} » : {most} au plus.")
    for name in (
        "MEDIA_ROOT",
        "RALLYNOV_PRIVATE_ROOT",
        "STATIC_ROOT",
        "RALLYNOV_LOCKS_FOLDER",
    ):
        _check_folder(name)
    _check_folders_apart()
    _check_database_file()
    _check_mail()
    _check_cache_and_bucket()
    _check_switches_of_others()
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


def _check_address(name: str) -> None:
    value = web_address(name)
    parts = urlsplit(value)
    if value and (not HOST.fullmatch(parts.hostname or "") or re.search(r"\s", value)):
        refuse(name, f"vaut « {value} » : une adresse comme https://www.exemple.fr est attendue.")
    if name == "SENTRY_DSN":
        if value and not (parts.username and parts.path.rpartition("/")[2].isdigit()):
            refuse(name, "n’est pas une adresse de Sentry : elle ressemble à https://clé@sentry.exemple/1.")
    elif parts.username:
        refuse(name, "contient un nom d’utilisateur : donnez l’adresse seule.")


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


def _check_database_file() -> None:
    name = "DATABASE_URL"
    config = database(name)
    if not config["ENGINE"].endswith("sqlite3") or config["NAME"] == ":memory:":
        return
    folder = Path(config["NAME"]).parent
    if not folder.is_dir():
        refuse(name, f"désigne « {config['NAME']} », dans un dossier qui n’existe pas.")
    if not os.access(folder, os.W_OK | os.X_OK):
        refuse(name, f"désigne « {config['NAME']} », dans un dossier où le compte du site ne peut pas écrire.")


def _check_mail() -> None:
    if text("EMAIL_URL").partition("://")[0] in LOST_MAILS:
        refuse("EMAIL_URL", "n’envoie aucun courriel : utilisez smtp+tls://utilisateur:secret@hôte:587.")
    sender = text("RALLYNOV_FROM_EMAIL")
    if sender and not is_mail_address(parseaddr(sender)[1]):
        refuse("RALLYNOV_FROM_EMAIL", f"vaut « {sender} » : « Rally’nov <ne-pas-repondre@exemple.fr> » est attendu.")
    contact = text("RALLYNOV_SECURITY_CONTACT")
    if contact and not is_mail_address(contact.removeprefix("mailto:")) and not contact.startswith("https://"):
        refuse("RALLYNOV_SECURITY_CONTACT", f"vaut « {contact} » : un courriel ou une adresse en https est attendu.")


def _check_cache_and_bucket() -> None:
    cache = text("CACHE_URL")
    if cache.startswith("dummycache"):
        refuse("CACHE_URL", "ne garde rien : les essais de connexion ne seraient pas comptés.")
    if cache.partition("://")[0] in REDIS_SCHEMES:
        path = urlsplit(cache).path.strip("/")
        if path and not path.isdigit():
            refuse("CACHE_URL", f"finit par « {path} » : le numéro de la base est attendu, comme valkey://hôte:6379/0.")
    bucket = urlsplit(text("STORAGE_URL"))
    if bool(bucket.username) != bool(bucket.password):
        refuse("STORAGE_URL", "donne une clé sans son secret : utilisez s3://clé:secret@seau?endpoint=https://….")


def _check_switches_of_others() -> None:
    prefix = text("RALLYNOV_X_ACCEL")
    if prefix and not re.fullmatch(r"/(?:[\w-]+/)+", prefix):
        refuse("RALLYNOV_X_ACCEL", f"vaut « {prefix} » : un chemin comme /media-interne/ est attendu.")
    tiles = text("RALLYNOV_TILES_URL")
    if tiles and not all(part in tiles for part in ("{z}", "{x}", "{y}")):
        refuse("RALLYNOV_TILES_URL", "n’a pas {z}, {x} et {y} : utilisez https://tuiles.exemple.fr/{z}/{x}/{y}.png.")
    if switch("RALLYNOV_HSTS_PRELOAD", default=False) and not switch("RALLYNOV_HSTS_SUBDOMAINS", default=True):
        refuse(
            "RALLYNOV_HSTS_PRELOAD", "demande RALLYNOV_HSTS_SUBDOMAINS=1 : les navigateurs refusent l’un sans l’autre."
        )
