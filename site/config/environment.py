"""Reads environment variables for the settings; an invalid one stops the start with one line on stderr.

The line is in French, for the person who operates the site. The exit code is 3, on which gunicorn stops instead of
restarting the worker for ever.

Each reader takes the variable's name and returns its value, or calls :func:`refuse`.
"""

import os
import re
import sys
import tempfile
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any, NoReturn
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

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

HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9a-fA-F:]+\]")
BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
# Variables where the S3 client finds credentials that STORAGE_URL does not contain.
CLOUD_KEYS = {
    "AWS_ACCESS_KEY_ID",
    "AWS_PROFILE",
    "AWS_ROLE_ARN",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
}
REDIS_SCHEMES = {"redis": "redis", "rediss": "rediss", "valkey": "redis", "valkeys": "rediss"}
# Entries: two of each kept response; counters are many and small.
MOST_PAGES, MOST_COUNTERS = 2_000, 20_000
CACHE_SCHEMES = (*REDIS_SCHEMES, "locmemcache", "filecache")
MAIL_SCHEMES = ("smtp", "smtp+tls", "smtp+ssl", "smtps", "consolemail", "filemail", "memorymail", "dummymail")


def refuse(name: str, why: str) -> NoReturn:
    """Writes one line to stderr and exits with code ``REFUSED``."""
    sys.stderr.write(f"Le site ne démarre pas : la variable {name} {why}\n")
    raise SystemExit(REFUSED)


# Names of the variables that were read.
READ_VARIABLES: set[str] = set()


def text(name: str, default: str = "") -> str:
    READ_VARIABLES.add(name)
    return os.environ.get(name, "").strip() or default


def require(*names: str) -> None:
    for name in names:
        if not text(name):
            refuse(name, "manque : elle est obligatoire en production (voir docs/exploitation.md).")


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def mail_addresses(name: str) -> list[str]:
    """A comma-separated list of mail addresses."""
    for address in words(name):
        if not is_mail_address(address):
            refuse(name, f"contient « {address} » : des adresses comme technique@exemple.fr sont attendues.")
    return words(name)


def mail_address(name: str) -> str:
    """One mail address; "" if the variable is not set."""
    value = text(name)
    if value and not is_mail_address(value):
        refuse(name, f"vaut « {value} » : une adresse comme equipe@exemple.fr est attendue.")
    return value


def is_mail_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


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


def number(name: str, default: int, *, least: int = 0) -> int:
    value = text(name, str(default))
    if not value.isascii() or not value.isdigit():
        refuse(name, f"vaut « {value} » : un nombre entier positif est attendu.")
    if int(value) < least:
        refuse(name, f"vaut « {value} » : {least} au moins.")
    return int(value)


def processes(name: str) -> int:
    """The number of worker processes; by default two per core and one more."""
    value = number(name, 2 * (os.cpu_count() or 1) + 1, least=1)
    if value > 256:
        refuse(name, f"vaut « {value} » : de 1 à 256.")
    return value


def socket(name: str, default: str = "") -> str:
    """A listening address in gunicorn's syntax: ``host:port``, ``[::1]:port`` or ``unix:/path``."""
    value = text(name, default)
    host, _, port = value.rpartition(":")
    is_host_port = bool(host) and port.isascii() and port.isdigit() and 0 < int(port) < 65_536
    path = value.removeprefix("unix:")
    if value and not (is_host_port and not re.search(r"[\s/]", host)) and not (value != path and path.startswith("/")):
        refuse(name, f"vaut « {value} » : une adresse et un port comme 127.0.0.1:8000 sont attendus.")
    return value


def memory_folder(path: str = "/dev/shm") -> str | None:  # noqa: S108 - tempfile names what is made there
    """Returns ``path``, a file system in memory, if the site's account may write there; else None, and writes one line to
    stderr."""
    if not os.path.isdir(path):
        return None
    try:
        with tempfile.TemporaryFile(dir=path):
            return path
    except OSError as error:
        sys.stderr.write(
            f"Rally’nov démarre sans {path}, où le site ne peut pas écrire ({error.strerror}) : "
            f"{tempfile.gettempdir()} le remplace, plus lent. Rendez {path} accessible en écriture (mode 1777).\n"
        )
        return None


def web_address(name: str, default: str = "") -> str:
    """An http(s) URL without its final slash; "" without a value or default."""
    value = text(name, default)
    if not value:
        return ""
    parts = _split(name, value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        refuse(name, f"vaut « {value} » : une adresse comme https://www.exemple.fr est attendue.")
    return value.rstrip("/")


def origin(address: str) -> str:
    """The scheme and the host of an address, as a content security policy names it; "" for ""."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}" if address else ""


def database(name: str, default: str = "") -> dict[str, Any]:
    """A DATABASES entry."""
    config = _parsed(name, default, environ.Env.db_url_config, ("postgres", "postgresql", "sqlite"))
    if config["ENGINE"].endswith("sqlite3"):
        return config | {"CONN_MAX_AGE": 60, "OPTIONS": SQLITE_OPTIONS | config.get("OPTIONS", {})}
    if not find_spec("psycopg"):
        refuse(
            name,
            "demande une partie du site qui n’est pas installée : ajoutez postgresql à EXTRAS (voir docs/exploitation.md).",
        )
    if not config["NAME"]:
        refuse(name, "ne nomme pas de base : utilisez postgres://utilisateur:secret@hôte:5432/base.")
    options = POSTGRESQL_OPTIONS | config.get("OPTIONS", {})
    return config | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True, "OPTIONS": options}


def caches(name: str) -> dict[str, dict[str, Any]]:
    """The CACHES setting: « default » for counters, « pages » for whole responses, « renditions » for none. Without a server or a
    folder, each process has its own memory."""
    config = _parsed(name, "locmemcache://", environ.Env.cache_url_config, CACHE_SCHEMES)
    value = text(name, "locmemcache://")
    scheme, _, rest = value.partition("://")
    if scheme in REDIS_SCHEMES:
        if not _split(name, value).hostname:
            refuse(name, "ne nomme pas de serveur : utilisez valkey://hôte:6379/0.")
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
    config = _parsed(name, default, environ.Env.email_url_config, MAIL_SCHEMES)
    config.pop("OPTIONS", None)
    if config["EMAIL_BACKEND"].endswith("smtp.EmailBackend"):
        if not config["EMAIL_HOST"]:
            refuse(name, "ne nomme pas de serveur : utilisez smtp+tls://utilisateur:secret@hôte:587.")
        config["EMAIL_TIMEOUT"] = 20
    return config


def storages(name: str, media_root: str, private_root: str) -> dict[str, dict[str, Any]]:
    """The STORAGES entries ``default`` and ``private``: folders, or an S3 bucket if the variable names one."""
    value = text(name)
    if not value:
        modes = {"file_permissions_mode": 0o600, "directory_permissions_mode": 0o700}
        return {
            "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": media_root}},
            "private": {
                "BACKEND": "django.core.files.storage.FileSystemStorage",
                "OPTIONS": {"location": private_root, "base_url": None, **modes},
            },
        }
    options = _bucket(name, value)
    prefix = options.pop("location")
    return {
        "default": {
            "BACKEND": "config.s3_storage.BucketStorage",
            "OPTIONS": options | {"location": f"{prefix}media"},
        },
        "private": {
            "BACKEND": "config.s3_storage.PrivateBucketStorage",
            "OPTIONS": options | {"location": f"{prefix}prive"},
        },
    }


def _bucket(name: str, value: str) -> dict[str, Any]:
    try:
        from botocore.config import Config
    except ImportError:
        refuse(
            name,
            "demande une partie du site qui n’est pas installée : ajoutez s3 à EXTRAS (voir docs/exploitation.md).",
        )
    parts = _split(name, value)
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    if parts.hostname and not BUCKET.fullmatch(parts.hostname):
        refuse(name, f"nomme le seau « {parts.hostname} » : de 3 à 63 lettres minuscules, chiffres, tirets ou points.")
    if not parts.username and not CLOUD_KEYS & os.environ.keys():
        refuse(name, "ne donne ni clé ni secret : utilisez s3://clé:secret@seau?endpoint=https://….")
    endpoint = query.pop("endpoint", None)
    region = query.pop("region", None)
    if parts.scheme != "s3" or not parts.hostname or query:
        refuse(name, "n’est pas reconnue : utilisez s3://clé:secret@seau/dossier?endpoint=https://…&region=….")
    if endpoint and not _split(name, endpoint).hostname:
        refuse(name, "a un « endpoint » qui n’est pas une adresse.")
    folder = parts.path.strip("/")
    return {
        "bucket_name": parts.netloc.rpartition("@")[2],
        "location": f"{folder}/" if folder else "",
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


def check_secret(name: str, value: str) -> None:
    if len(value) < 50 or len(set(value)) < 12:
        refuse(name, "est trop faible : tirez au sort au moins 50 caractères.")


def check_hosts(name: str, hosts: list[str]) -> None:
    for host in hosts:
        if not HOST.fullmatch(host):
            refuse(name, f"contient « {host} » : un nom d’hôte exact, sans port, est attendu.")


def check_public_address(name: str, address: str, hosts: list[str]) -> None:
    parts = urlsplit(address)
    if parts.scheme != "https" or parts.path:
        refuse(name, f"vaut « {address} » : une adresse en https sans chemin est attendue.")
    if not validate_host(parts.hostname or "", hosts):
        refuse(name, f"vaut « {address} », dont l’hôte n’est pas dans ALLOWED_HOSTS.")


def picture_origins() -> list[str]:
    """Other origins of images, for the CSP: the map tiles of RALLYNOV_TILES_URL."""
    origins = []
    tiles = text("RALLYNOV_TILES_URL")
    if tiles:
        parts = _split("RALLYNOV_TILES_URL", tiles.replace("{s}", "*"))
        if parts.scheme not in {"http", "https"} or not parts.netloc:
            refuse("RALLYNOV_TILES_URL", "n’est pas reconnue : utilisez https://tuiles.exemple.fr/{z}/{x}/{y}.png.")
        origins.append(f"{parts.scheme}://{parts.netloc}")
    return origins


def _split(name: str, value: str) -> SplitResult:
    try:
        parts = urlsplit(value)
        parts.port  # noqa: B018  - raises ValueError for an invalid port
    except ValueError:
        refuse(name, "n’est pas une adresse.")
    return parts


def _parsed(name: str, default: str, parse: Callable[[str], Any], schemes: tuple[str, ...]) -> dict[str, Any]:
    value = text(name, default)
    if value.partition("://")[0] not in schemes or "://" not in value:
        refuse(name, f"n’est pas reconnue : elle doit commencer par {', '.join(s + '://' for s in schemes)}.")
    try:
        return dict(parse(value))
    except (ImproperlyConfigured, ValueError, KeyError, AttributeError, TypeError):
        refuse(name, "n’est pas une adresse (voir docs/exploitation.md).")
