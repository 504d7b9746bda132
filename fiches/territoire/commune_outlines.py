"""The borders of the communes, which maps without tiles show from near."""

import gzip
import json
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from fiches.territoire.territory import territory

FILE = "territoire/limites.geojson"
# The borders that are shipped, and of which départements they are: each line as ``[x, y, dx, dy, dx, dy…]`` in ten-thousandths of a
# degree, longitude first.
SHIPPED = Path(__file__).parents[1] / "data" / "limites-franche-comte.json.gz"
SHIPPED_FOR = {"25", "39", "70", "90"}


class OutlinesError(Exception):
    """The file can't be read as GeoJSON; the message is for the operator."""


def store_outlines(path: Path) -> int:
    """Keeps a GeoJSON file of the communes' outlines, which maps draw as it is; returns how many outlines it has.

    :raises OutlinesError: nothing is changed then.
    """
    try:
        number = len(json.loads(path.read_text(encoding="utf-8"))["features"])
    except OSError as error:
        raise OutlinesError(
            _("%(path)s can’t be read: %(error)s.") % {"path": path, "error": error.strerror}
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise OutlinesError(_("%(path)s is not GeoJSON with the outlines of communes.") % {"path": path}) from error
    if default_storage.exists(FILE):
        default_storage.delete(FILE)
    default_storage.save(FILE, ContentFile(path.read_bytes()))
    return number


def stored_outlines() -> Any:
    """The operator's GeoJSON; without one, the lines that are shipped with their territory; else none."""
    if default_storage.exists(FILE):
        with default_storage.open(FILE) as file:
            return json.loads(file.read())
    is_shipped = set(territory().departements) == SHIPPED_FOR
    return json.loads(gzip.decompress(SHIPPED.read_bytes())) if is_shipped else []
