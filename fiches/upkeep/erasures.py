"""What was erased, noted where no backup of the database takes it back: a restored site erases it again.

A note holds no personal data: the fingerprint of an address (keyed by SECRET_KEY), or the key of a record. It stands in the
private storage, beside what applicants send, and goes once no backup can be that old.
"""

import json
import logging
import uuid
from datetime import datetime, timedelta

from django.apps import apps
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import models, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from fiches.models import Courriel
from fiches.upkeep.database_journal import empty_journal

logger = logging.getLogger(__name__)

FOLDER = "effacements"
KEPT = timedelta(days=400)
SALT = "fiches.effacements"
PERSON, DOSSIER, WITHDRAWN, CONSENT = "personne", "dossier", "retrait", "consentement"

_replays = {}


def register_erasure(kind, replay):
    """Called from ``AppConfig.ready()``. ``replay(key)`` erases again what :func:`note_erasure` noted; silent when it isn't
    there."""
    _replays[kind] = replay


def fingerprint(courriel):
    return salted_hmac(SALT, courriel.strip().casefold(), algorithm="sha256").hexdigest()


def note_erasure(kind, key):
    """Once the transaction is committed. Where the site has no private storage, its host sees to its own backups."""
    if "private" in settings.STORAGES:
        transaction.on_commit(lambda: _write(kind, str(key)))
    transaction.on_commit(empty_journal)


def _write(kind, key):
    now = timezone.now()
    note = {"quoi": kind, "cle": key, "le": now.isoformat()}
    name = f"{FOLDER}/{now:%Y%m%dT%H%M%S}-{uuid.uuid4().hex}.json"
    try:
        storages["private"].save(name, ContentFile(json.dumps(note).encode()))
    except OSError:  # the erasure stands; the next backup won't hold what was erased
        logger.exception("erasure_not_noted")


def notes():
    """``[(when, kind, key)]``, the oldest first."""
    storage = storages["private"]
    try:
        _folders, names = storage.listdir(FOLDER)
    except FileNotFoundError:
        return []
    found = []
    for name in sorted(name for name in names if name.endswith(".json")):
        with storage.open(f"{FOLDER}/{name}") as file:
            note = json.loads(file.read())
        found.append((datetime.fromisoformat(note["le"]), note["quoi"], note["cle"]))
    return found


def replay(since, erase_person):
    """Erases again what was erased since an instant; returns how many notes were followed.

    ``erase_person(address)`` erases all that hangs on one.
    """
    followed = [(kind, key) for when, kind, key in notes() if when >= since]
    persons = {key for kind, key in followed if kind == PERSON}
    if persons:
        for address in addresses():
            if fingerprint(address) in persons:
                erase_person(address)
    for kind, key in followed:
        if kind in _replays:
            _replays[kind](key)
    return len(followed)


def addresses():
    """Every e-mail address that the database holds in a field of that kind, or that a letter goes to."""
    found = set()
    for model in apps.get_models():
        if model._meta.managed and not model._meta.proxy:
            for field in model._meta.local_concrete_fields:
                if isinstance(field, models.EmailField):
                    found.update(model._base_manager.exclude(**{field.name: ""}).values_list(field.name, flat=True))
    for to in Courriel.objects.values_list("destinataires", flat=True):
        found.update(to)
    return sorted({address.strip().casefold() for address in found if address})


def forget_old():
    """Deletes the notes that no backup is old enough to need; returns how many."""
    if "private" not in settings.STORAGES:
        return 0
    storage, limit = storages["private"], timezone.now() - KEPT
    try:
        _folders, names = storage.listdir(FOLDER)
    except FileNotFoundError:
        return 0
    old = [name for name in names if name < f"{limit:%Y%m%dT%H%M%S}"]
    for name in old:
        storage.delete(f"{FOLDER}/{name}")
    return len(old)
