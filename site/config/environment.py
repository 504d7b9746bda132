"""Reads environment variables for the settings; an invalid one stops the start with one line on stderr.

The line is in French, for the person who operates the site. The exit code is 3, on which gunicorn stops instead of
restarting the worker for ever. Each reader takes the variable's name and returns its value, or calls :func:`refuse`.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import parse_qs, unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email
from django.http.request import validate_host

from fiches.territoire.territory import UnknownDepartementError, departement_codes

REFUSED = 3

SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON; "
        "PRAGMA mmap_size=134217728; PRAGMA cache_size=-16000"
    ),
}

# A server that vanished without closing its connections is noticed within fifteen seconds.
POSTGRESQL_OPTIONS = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 3,
    "keepalives_count": 2,
    "tcp_user_timeout": 15_000,
}

REDIS_SCHEMES = {"redis": "redis", "rediss": "rediss", "valkey": "redis", "valkeys": "rediss"}
# Entries: two of each kept response; counters are many and small.
MOST_PAGES, MOST_COUNTERS = 2_000, 20_000
CACHE_SCHEMES = (*REDIS_SCHEMES, "locmemcache", "filecache")
# Those of production, and those of development, which send nothing.
MAIL_SCHEMES = ("smtp", "smtp+tls", "smtp+ssl", "smtps", "filemail")
TRIAL_SCHEMES = ("consolemail", "memorymail", "dummymail")


def refuse(name: str, why: str) -> NoReturn:
    """Writes one line to stderr and exits with code ``REFUSED``."""
    sys.stderr.write(f"Le site ne démarre pas : la variable {name} {why}\n")
    raise SystemExit(REFUSED)


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def mail_addresses(name: str) -> list[str]:
    """A comma-separated list of mail addresses."""
    for address in words(name):
        try:
            validate_email(address)
        except ValidationError:
            refuse(name, f"contient « {address} » : des adresses comme technique@exemple.fr sont attendues.")
    return words(name)


def languages(name: str, default: str, known: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """The languages of ``known`` that the variable names, in the order of ``known``, whose first is always included."""
    requested, codes = words(name, default), [code for code, _label in known]
    for code in requested:
        if code not in codes:
            refuse(name, f"nomme « {code} » : choisissez parmi {', '.join(codes)}.")
    return [pair for pair in known if pair[0] in {*requested, codes[0]}]


def territory(name: str, default: str) -> str:
    """The codes of départements, separated by commas."""
    try:
        return ",".join(departement_codes(text(name, default)))
    except UnknownDepartementError as error:
        refuse(name, str(error))


def switch(name: str, default: bool) -> bool:
    """A boolean, ``1`` or ``0`` only, since programs read words such as "yes" differently."""
    value = text(name)
    if value not in {"", "0", "1"}:
        refuse(name, f"vaut « {value} » : écrivez 1 ou 0.")
    return value == "1" if value else default


def number(name: str, default: int) -> int:
    value = text(name, str(default))
    if not value.isascii() or not value.isdigit():
        refuse(name, f"vaut « {value} » : un nombre entier positif est attendu.")
    return int(value)


def folder(name: str, default: Path) -> Path:
    """The absolute path of a folder that the site's account may write to."""
    value = Path(text(name, str(default)))
    if text(name) and not (value.is_absolute() and value.is_dir() and os.access(value, os.W_OK | os.X_OK)):
        refuse(name, f"vaut « {value} » : le chemin complet d’un dossier où le compte du site écrit est attendu.")
    return value


def web_address(name: str, default: str = "") -> str:
    """An http(s) URL without its final slash; "" without a value or default."""
    value = text(name, default)
    if value and not origin(value):
        refuse(name, f"vaut « {value} » : une adresse comme https://www.exemple.fr est attendue.")
    return value.rstrip("/")


def origin(address: str) -> str:
    """The scheme and the host of a web address, as a content security policy names it; "" for another text."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme in ("http", "https") and parts.netloc else ""


def database(name: str, default: str = "") -> dict[str, Any]:
    """A DATABASES entry."""
    config = _parsed(name, default, environ.Env.db_url_config, ("postgres", "postgresql", "sqlite"))
    is_sqlite = config["ENGINE"].endswith("sqlite3")
    options: dict[str, Any] = SQLITE_OPTIONS if is_sqlite else POSTGRESQL_OPTIONS
    return config | {
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": not is_sqlite,
        "OPTIONS": options | config.get("OPTIONS", {}),
    }


def caches(name: str) -> dict[str, dict[str, Any]]:
    """The CACHES setting: « default » for counters, « pages » for whole responses, « renditions » for none. Without a server or a
    folder, each process has its own memory."""
    config = _parsed(name, "locmemcache://", environ.Env.cache_url_config, CACHE_SCHEMES)
    scheme, _, rest = text(name, "locmemcache://").partition("://")
    if scheme in REDIS_SCHEMES:
        options = {"socket_connect_timeout": 0.5, "socket_timeout": 0.5}
        location = f"{REDIS_SCHEMES[scheme]}://{rest}"  # the client only knows its own schemes
        config = {"BACKEND": "config.cache.SparingRedisCache", "LOCATION": location, "OPTIONS": options}
    if scheme == "filecache":
        config["BACKEND"] = "config.cache.MachineCache"
    pages = config | {"KEY_PREFIX": "pages"}
    if scheme in ("filecache", "locmemcache"):
        # Apart, so that pages drive no counter out; a day, since a file's counter lasts as long after each count.
        pages |= {"LOCATION": f"{config['LOCATION']}/pages", "OPTIONS": {"MAX_ENTRIES": MOST_PAGES}}
        config |= {"TIMEOUT": 24 * 3600, "OPTIONS": {"MAX_ENTRIES": MOST_COUNTERS}}
    # Wagtail writes each rendition that a page shows there again: pages read theirs in one query instead.
    renditions = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
    return {"default": config, "pages": pages, "renditions": renditions}


def mail(name: str, default: str = "") -> dict[str, Any]:
    """The EMAIL_* settings."""
    config = _parsed(name, default, environ.Env.email_url_config, (*MAIL_SCHEMES, *TRIAL_SCHEMES))
    config.pop("OPTIONS", None)
    return config | {"EMAIL_TIMEOUT": 20}


def storages(name: str, data: Path) -> dict[str, dict[str, Any]]:
    """The STORAGES entries ``default`` and ``private``: folders in ``data``, or an S3 bucket if the variable names one."""
    value = text(name)
    if value:
        bucket = _bucket(name, value)
        prefix, backend = bucket.pop("location"), "config.s3_storage"
        return {
            "default": {"BACKEND": f"{backend}.BucketStorage", "OPTIONS": bucket | {"location": f"{prefix}media"}},
            "private": {
                "BACKEND": f"{backend}.PrivateBucketStorage",
                "OPTIONS": bucket | {"location": f"{prefix}prive"},
            },
        }
    backend = "django.core.files.storage.FileSystemStorage"
    modes = {"file_permissions_mode": 0o600, "directory_permissions_mode": 0o700}
    return {
        "default": {"BACKEND": backend, "OPTIONS": {"location": str(data / "media")}},
        "private": {"BACKEND": backend, "OPTIONS": {"location": str(data / "prive"), "base_url": None, **modes}},
    }


def _bucket(name: str, value: str) -> dict[str, Any]:
    from botocore.config import Config

    try:
        parts = urlsplit(value)
    except ValueError:
        refuse(name, "n’est pas une adresse.")
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    endpoint, region = query.pop("endpoint", None), query.pop("region", None)
    if parts.scheme != "s3" or not parts.hostname or query or (endpoint and not origin(endpoint)):
        refuse(name, "n’est pas reconnue : utilisez s3://clé:secret@seau/dossier?endpoint=https://…&region=….")
    where = parts.path.strip("/")
    return {
        "bucket_name": parts.netloc.rpartition("@")[2],
        "location": f"{where}/" if where else "",
        "access_key": unquote(parts.username) if parts.username else None,
        "secret_key": unquote(parts.password) if parts.password else None,
        "endpoint_url": endpoint,
        "region_name": region,
        "file_overwrite": False,
        "default_acl": None,
        "client_config": Config(
            connect_timeout=3,
            read_timeout=15,
            retries={"max_attempts": 2, "mode": "standard"},
            s3={"addressing_style": "path" if endpoint else "auto"},
            signature_version="s3v4",
        ),
    }


def check_production(hosts: list[str], base_url: str) -> None:
    """Refuses what a public site can't do without, or what would leave it open or silent."""
    for name in ("SECRET_KEY", "ALLOWED_HOSTS", "BASE_URL", "DATABASE_URL", "EMAIL_URL"):
        if not text(name):
            refuse(name, "manque : elle est obligatoire en production (voir docs/exploitation.md).")
    if len(text("SECRET_KEY")) < 50:
        refuse("SECRET_KEY", "est trop faible : tirez au sort au moins 50 caractères.")
    if "*" in hosts:
        refuse("ALLOWED_HOSTS", "contient « * » : un nom d’hôte exact est attendu.")
    parts = urlsplit(base_url)
    if parts.scheme != "https" or parts.path:
        refuse("BASE_URL", f"vaut « {base_url} » : une adresse en https sans chemin est attendue.")
    if not validate_host(parts.hostname or "", hosts):
        refuse("BASE_URL", f"vaut « {base_url} », dont l’hôte n’est pas dans ALLOWED_HOSTS.")
    if text("EMAIL_URL").partition("://")[0] in TRIAL_SCHEMES:
        refuse("EMAIL_URL", "n’envoie aucun courriel : utilisez smtp+tls://utilisateur:secret@hôte:587.")


def _parsed(name: str, default: str, parse: Callable[[str], Any], schemes: tuple[str, ...]) -> dict[str, Any]:
    value = text(name, default)
    if value.partition("://")[0] not in schemes or "://" not in value:
        refuse(name, f"n’est pas reconnue : elle doit commencer par {', '.join(s + '://' for s in schemes)}.")
    try:
        return dict(parse(value))
    except (ImproperlyConfigured, ValueError, KeyError, AttributeError, TypeError):
        refuse(name, "n’est pas une adresse (voir docs/exploitation.md).")
