"""The messages of backups and restorations that are refused: one French line each, with what the operator must do."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management.base import CommandError


class BackupRefused(Exception):  # noqa: N818 - a refusal, not an error
    """A backup or restoration is not possible. ``str()`` is the message for the operator."""


FULL = "Le disque est plein : faites de la place, puis relancez la commande."
FORBIDDEN = "Le compte du site n’a pas le droit de lire ou d’écrire {path} : donnez-le-lui, puis relancez la commande."
NO_FOLDER = "{path} n’est pas un dossier."
EXPLANATIONS = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT, errno.EFBIG), FULL),
    **dict.fromkeys((errno.EACCES, errno.EPERM, errno.EROFS), FORBIDDEN),
    **dict.fromkeys((errno.ENOTDIR, errno.EEXIST), NO_FOLDER),
}
OTHER = "Le disque ou le seau ne répond pas comme il faut ({error}) : relancez la commande quand il va mieux."


@contextmanager
def as_one_line() -> Iterator[None]:
    """Context manager: a refusal, or an error of a disk or bucket, ends the command with one line."""
    try:
        yield
    except BackupRefused as error:
        raise CommandError(str(error)) from None
    except OSError as error:
        explanation = EXPLANATIONS.get(error.errno or 0, OTHER)
        raise CommandError(explanation.format(path=_existing(error.filename or "."), error=error)) from None


def _existing(path: str) -> Path:
    """The path, or the nearest folder above it that exists: the one whose permissions count."""
    return next(each for each in (Path(path), *Path(path).absolute().parents) if each.exists())
