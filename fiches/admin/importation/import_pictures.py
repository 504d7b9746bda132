"""The pictures of an import: at an address, in the ZIP archive, or already on the site."""

import contextlib
import re
import unicodedata
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit
from zipfile import ZipInfo

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.base import ContentFile
from django.db.models import Model
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext as _
from wagtail.images import get_image_model
from wagtail.models import Collection
from wagtail.permissions import policy_registry

from fiches.admin.importation.table_reader import open_archive
from fiches.media.access import PARTNERS_COLLECTION
from fiches.media.documents import BROKEN_ARCHIVE, MAX_ENTRIES
from fiches.media.images import sanitise_image, site_limits
from fiches.safe_http import AddressError, DeliveryError, fetch

OF_THE_SITE = re.compile(r"image (\d{1,9})")
REDIRECTIONS = 3
# The flag of a ZIP entry whose name is UTF-8.
IN_UNICODE = 0x800


class Archive:
    """The files of a ZIP archive, found by path or by name. Without ``file``, it is empty.

    :raises ValidationError: it is not a ZIP, or has too many files.
    """

    def __init__(self, file: Any) -> None:
        self.paths, self.names, self.zip = {}, {}, None
        if file:
            self.zip = open_archive(file)
            if len(self.zip.infolist()) > MAX_ENTRIES:
                raise ValidationError(_("There are too many files in this archive."))
            for entry in self.zip.infolist():
                self._note(entry)

    def _note(self, entry: ZipInfo) -> None:
        if entry.is_dir() or entry.filename.startswith("__MACOSX/"):
            return
        for name in _readings(entry):
            self.paths.setdefault(_path(name), entry)
            same = self.names.setdefault(_last(name), [])
            if entry not in same:
                same.append(entry)

    def read(self, name: str) -> bytes:
        """The bytes of a file.

        :raises ValidationError: it doesn't exist, can't be read, or is too large for a picture.
        """
        entry = self.paths.get(_path(name)) or self._only(name)
        most = site_limits().max_bytes
        try:
            with self.zip.open(entry) as file:
                data = file.read(most + 1)
        except BROKEN_ARCHIVE:
            raise ValidationError(_("“%(name)s” can't be taken out of the archive.") % {"name": name[:80]}) from None
        if len(data) > most:
            raise ValidationError(_("“%(name)s” is too heavy for a picture.") % {"name": name[:80]})
        return data

    def _only(self, name: str) -> ZipInfo:
        """The only file with this name, in any folder."""
        entries = self.names.get(_last(name), [])
        if not entries:
            raise ValidationError(_("“%(name)s” is neither a web address nor in the archive.") % {"name": name[:80]})
        if len(entries) > 1:
            text = _("Several files of the archive are named “%(name)s”: write the folder too, “folder/%(name)s”.")
            raise ValidationError(text % {"name": name[:80]})
        return entries[0]


def _readings(entry: ZipInfo) -> list[str]:
    """The possible names of an entry. Without the UTF-8 flag, Windows writes them in MS-DOS encoding, and macOS in UTF-8
    anyway."""
    names = [entry.filename]
    if not entry.flag_bits & IN_UNICODE:
        raw = entry.filename.encode("cp437")
        names += [raw.decode("cp850")]
        with contextlib.suppress(UnicodeDecodeError):
            names.append(raw.decode("utf-8"))
    return names


def _path(name: str) -> str:
    """A path in a comparable form: Unicode NFC, lower case, forward slashes."""
    return unicodedata.normalize("NFC", name).replace("\\", "/").casefold().strip("/")


def _last(name: str) -> str:
    return PurePosixPath(_path(name)).name


def of_the_site(text: str, *, by: AbstractUser | None) -> Model | None:
    """The picture of the site that « image 42 » names; None for any other text.

    :param by: who imports it; None for a deleted account, which may choose none.
    :raises ValidationError: there is no such picture, or ``by`` may not choose it.
    """
    match = OF_THE_SITE.fullmatch(text.strip().casefold())
    if not match:
        return None
    policy = policy_registry.get_by_type(get_image_model())
    choosable = policy.instances_user_has_any_permission_for(by or AnonymousUser(), {"choose"})
    image = choosable.filter(pk=match[1]).first()
    if image is None:
        raise ValidationError(_("The site has no picture number %(number)s.") % {"number": match[1]})
    return image


def fetched_picture(text: str, archive: Archive) -> File:
    """A sanitised picture, fetched from an address or read in the archive.

    :raises ValidationError: with a message for the user.
    """
    if text.casefold().startswith(("http://", "https://")):
        return sanitise_image(ContentFile(_fetched(text), name=_last(unquote(urlsplit(text).path)) or "image"))
    return sanitise_image(ContentFile(archive.read(text), name=_last(text)))


def _fetched(address: str) -> bytes:
    try:
        answer = fetch(iri_to_uri(address), most=site_limits().max_bytes, follow=REDIRECTIONS)
    except (AddressError, DeliveryError) as error:
        raise ValidationError(_("This picture can't be fetched: %(why)s.") % {"why": str(error).rstrip(".")}) from None
    if answer.status != 200:
        raise ValidationError(_("This picture can't be fetched: the answer is %(status)s.") % {"status": answer.status})
    return answer.data


def save_picture(file: File, *, title: str, by: AbstractUser) -> Model:
    """Saves a picture on the site, in the private collection; it becomes public with its fiche.

    :param by: the user who uploads it.
    """
    collection = Collection.objects.filter(name=PARTNERS_COLLECTION, depth=2).first()
    image = get_image_model()(
        title=title[:255], uploaded_by_user=by, collection=collection or Collection.get_first_root_node()
    )
    image.file = file
    image.file_size = file.size
    image.save()
    return image
