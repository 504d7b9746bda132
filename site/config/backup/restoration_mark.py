"""Mark of a restoration under way: a private file, which a restoration that was killed leaves.

Until the restoration is run again to its end, the database may hold persons who were erased since the backup.
"""

import sys

from django.core.files.base import ContentFile
from django.core.files.storage import storages

from config.environment import REFUSED

# Name of the mark in the private storage; neither saved nor deleted with the other files.
MARK = "restauration-en-cours"
UNFINISHED = (
    "Une restauration n’est pas allée à son terme : relancez restaurer, site arrêté (docs/exploitation.md,"
    " « Sauvegarder et restaurer »)."
)


def begin() -> None:
    """Writes the mark; to be called before anything is changed."""
    if not is_unfinished():
        storages["private"].save(MARK, ContentFile(b""))


def end() -> None:
    """Removes the mark; to be called once the erasures are repeated."""
    storages["private"].delete(MARK)


def is_unfinished() -> bool:
    """Whether a restoration was begun and not ended; False if the storage does not answer (`/sante/pret` reports that)."""
    try:
        return storages["private"].exists(MARK)
    except OSError:
        return False


def refuse_start() -> None:
    """Writes one line to stderr and exits with code ``REFUSED`` after an unfinished restoration."""
    if is_unfinished():
        sys.stderr.write(f"Le site ne démarre pas. {UNFINISHED}\n")
        raise SystemExit(REFUSED)
