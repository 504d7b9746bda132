"""The pictures that a file of fiches names: by an address, in the archive beside it, or that the site has already."""

import contextlib
import re
import unicodedata
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext as _
from wagtail.images import get_image_model
from wagtail.models import Collection

from fiches.admin.importation.lecture import open_archive
from fiches.connexion import AddressError, DeliveryError, fetch
from fiches.media.access import PARTNERS_COLLECTION
from fiches.media.documents import BROKEN_ARCHIVE, MAX_ENTRIES
from fiches.media.images import sanitise_image, site_limits

OF_THE_SITE = re.compile(r"image (\d{1,9})")
REDIRECTIONS = 3
IN_UNICODE = 0x800
"""The flag of a ZIP's entry."""


class Archive:
    """The pictures of a ZIP, by their names, with or without their folders; without one, none."""

    def __init__(self, file):
        self.paths, self.names, self.zip = {}, {}, None
        if file:
            self.zip = open_archive(file)
            if len(self.zip.infolist()) > MAX_ENTRIES:
                raise ValidationError(_("There are too many files in this archive."))
            for entry in self.zip.infolist():
                self._note(entry)

    def _note(self, entry):
        if entry.is_dir() or entry.filename.startswith("__MACOSX/"):
            return
        for name in _readings(entry):
            self.paths.setdefault(_path(name), entry)
            same = self.names.setdefault(_last(name), [])
            if entry not in same:
                same.append(entry)

    def read(self, name):
        """
        :raises ValidationError: it isn't there, or can't be read within the limits of a picture.
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

    def _only(self, name):
        """The one file of that name, whatever its folder."""
        found = self.names.get(_last(name), [])
        if not found:
            raise ValidationError(_("“%(name)s” is neither a web address nor in the archive.") % {"name": name[:80]})
        if len(found) > 1:
            text = _("Several files of the archive are named “%(name)s”: write the folder too, “folder/%(name)s”.")
            raise ValidationError(text % {"name": name[:80]})
        return found[0]


def _readings(entry):
    """The names that an entry may have: where its archive doesn't say that they are Unicode, Windows wrote them as MS-DOS
    did, and macOS in Unicode all the same."""
    names = [entry.filename]
    if not entry.flag_bits & IN_UNICODE:
        raw = entry.filename.encode("cp437")
        names += [raw.decode("cp850")]
        with contextlib.suppress(UnicodeDecodeError):
            names.append(raw.decode("utf-8"))
    return names


def _path(name):
    """Alike however it was typed: accents in one sign or two, capitals, either slash."""
    return unicodedata.normalize("NFC", name).replace("\\", "/").casefold().strip("/")


def _last(name):
    return PurePosixPath(_path(name)).name


def of_the_site(text):
    """The picture that « image 42 » names, or None.

    :raises ValidationError: there is no such picture.
    """
    match = OF_THE_SITE.fullmatch(text.strip().casefold())
    if not match:
        return None
    found = get_image_model().objects.filter(pk=match[1]).first()
    if found is None:
        raise ValidationError(_("The site has no picture number %(number)s.") % {"number": match[1]})
    return found


def brought(text, archive):
    """A clean picture, of an address or of the archive.

    :raises ValidationError: in words, what is wrong with it.
    """
    if text.casefold().startswith(("http://", "https://")):
        return sanitise_image(ContentFile(_fetched(text), name=_last(unquote(urlsplit(text).path)) or "image"))
    return sanitise_image(ContentFile(archive.read(text), name=_last(text)))


def _fetched(address):
    try:
        found = fetch(iri_to_uri(address), most=site_limits().max_bytes, follow=REDIRECTIONS)
    except (AddressError, DeliveryError) as error:
        raise ValidationError(_("This picture can't be fetched: %(why)s.") % {"why": str(error).rstrip(".")}) from None
    if found.status != 200:
        raise ValidationError(_("This picture can't be fetched: the answer is %(status)s.") % {"status": found.status})
    return found.data


def stored(file, *, title, by):
    """A picture of the site, in the private collection until its fiche is published."""
    collection = Collection.objects.filter(name=PARTNERS_COLLECTION, depth=2).first()
    image = get_image_model()(
        title=title[:255], uploaded_by_user=by, collection=collection or Collection.get_first_root_node()
    )
    image.file = file
    image.file_size = file.size
    image.save()
    return image
