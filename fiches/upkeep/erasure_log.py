"""Log of erasures, outside the database: a site restored from a backup erases again what was erased since.

A note holds no personal data: the fingerprint of an address (keyed by SECRET_KEY), the key of a record, or both. Notes are files in the
private storage, and are deleted when no backup can be that old.
"""

import json
import logging
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import models, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from fiches.upkeep.personal_data.search import addresses_in_texts

logger = logging.getLogger(__name__)

FOLDER = "effacements"


class UnreadableNote(Exception):  # noqa: N818 - says what the note is
    """A note of an erasure that can't be read. ``str()`` is its file's name."""


LIFETIME = timedelta(days=400)
SALT = "fiches.effacements"
PERSON, MENTION, DOSSIER, WITHDRAWN, CONSENT = "personne", "mention", "dossier", "retrait", "consentement"

_replays: dict[str, Callable[[str], Any]] = {}


def register_erasure(kind: str, replay: Callable[..., Any]) -> None:
    """Registers how a kind of erasure is repeated; called from ``AppConfig.ready()``.

    :param replay: ``replay(key)`` erases again what :func:`note_erasure` noted; has no effect if it doesn't exist.
    """
    _replays[kind] = replay


def address_fingerprint(courriel: str) -> str:
    """Returns the keyed hash of an address, in hexadecimal; case and surrounding spaces don't matter."""
    return salted_hmac(SALT, courriel.strip().casefold(), algorithm="sha256").hexdigest()


def note_erasure(kind: str, key: int | str, *, undone: bool = False) -> None:
    """Notes an erasure once the transaction is committed; does nothing on a site without private storage.

    :param kind: PERSON, or a kind given to :func:`register_erasure`.
    :param undone: what was noted of this key before no longer holds.
    """
    if "private" in settings.STORAGES:
        transaction.on_commit(lambda: _write(kind, str(key), undone))


def _write(kind: str, key: str, undone: bool) -> None:
    now = timezone.now()
    note = {"quoi": kind, "cle": key, "le": now.isoformat(), "annule": undone}
    name = f"{FOLDER}/{now:%Y%m%dT%H%M%S}-{uuid.uuid4().hex}.json"
    try:
        storages["private"].save(name, ContentFile(json.dumps(note).encode()))
    except OSError:  # the data are erased anyway, and the next backup won't contain them
        logger.exception("erasure_not_noted")


def _names() -> list[str]:
    """The names of the notes."""
    try:
        _folders, names = storages["private"].listdir(FOLDER) if "private" in settings.STORAGES else ([], [])
    except FileNotFoundError:
        return []
    return [name for name in names if name.endswith(".json")]


def notes() -> Any:
    """Returns ``[(datetime, kind, key, whether it is undone)]``, the oldest first."""
    entries = []
    for name in _names():
        with storages["private"].open(f"{FOLDER}/{name}") as file:
            entries.append(read_note(name, file.read()))
    return sorted(entries)


def read_note(name: str, text: str | bytes) -> tuple[datetime, str, str, bool]:
    """Returns ``(datetime, kind, key, whether it is undone)``.

    :raises UnreadableNote: the text is no note, for instance because its copy was interrupted.
    """
    try:
        note = json.loads(text)
        return datetime.fromisoformat(note["le"]), note["quoi"], note["cle"], note["annule"]
    except (ValueError, TypeError, KeyError) as error:
        raise UnreadableNote(name) from error


def replay(since: datetime, erase_again: Callable[..., Any]) -> int:
    """Erases again what was erased since an instant, and is still to be, after a restore; returns the number of erasures.

    :param since: aware datetime.
    :param erase_again: ``erase_again(address, rows=[key], whole=…)`` replaces the names of a person in rows; erases the person if whole.
    """
    last = {(kind, key): undone for when, kind, key, undone in notes() if when >= since}
    entries = [entry for entry, undone in last.items() if not undone]
    persons = {key for kind, key in entries if kind == PERSON}
    mentions = [key.split(" ", 1) for kind, key in entries if kind == MENTION]
    for address in addresses() if persons or mentions else ():
        fingerprint = address_fingerprint(address)
        rows = [row for whose, row in mentions if whose == fingerprint]
        if rows or fingerprint in persons:
            erase_again(address, rows=rows, whole=fingerprint in persons)
    for kind, key in entries:
        if kind in _replays:
            _replays[kind](key)
    return len(entries)


def addresses() -> list[str]:
    """Returns every e-mail address in an EmailField of the database or in a declared column of personal data, sorted."""
    values = set(addresses_in_texts())
    for model in apps.get_models():
        if model._meta.managed and not model._meta.proxy:
            for field in model._meta.local_concrete_fields:
                if isinstance(field, models.EmailField):
                    values.update(model._base_manager.exclude(**{field.name: ""}).values_list(field.name, flat=True))
    return sorted({address.strip().casefold() for address in values if address})


def delete_old_notes() -> int:
    """Periodic work: deletes the notes that are older than any backup; returns how many."""
    limit = timezone.now() - LIFETIME
    old = [name for name in _names() if name < f"{limit:%Y%m%dT%H%M%S}"]
    for name in old:
        storages["private"].delete(f"{FOLDER}/{name}")
    return len(old)
