"""The pictures that a file of fiches names: by an address, in the archive beside it, or that the site has already."""

import re
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext as _
from wagtail.images import get_image_model
from wagtail.models import Collection

from fiches.connexion import AddressError, DeliveryError, fetch
from fiches.documents import BROKEN_ARCHIVE, MAX_ENTRIES
from fiches.images import sanitise_image, site_limits
from fiches.importation.lecture import open_archive
from fiches.roles import PARTNERS_COLLECTION

OF_THE_SITE = re.compile(r"image (\d{1,9})")
REDIRECTIONS = 3


class Archive:
    """The pictures of a ZIP, by the last part of their names; without one, none."""

    def __init__(self, file):
        self.entries, self.zip = {}, None
        if file:
            self.zip = open_archive(file)
            if len(self.zip.infolist()) > MAX_ENTRIES:
                raise ValidationError(_("There are too many files in this archive."))
            for entry in self.zip.infolist():
                if not entry.is_dir():
                    self.entries.setdefault(_last(entry.filename), entry)

    def read(self, name):
        """
        :raises ValidationError: it isn't there, or can't be read within the limits of a picture.
        """
        entry = self.entries.get(_last(name))
        if entry is None:
            raise ValidationError(_("“%(name)s” is neither a web address nor in the archive.") % {"name": name[:80]})
        most = site_limits().max_bytes
        try:
            with self.zip.open(entry) as file:
                data = file.read(most + 1)
        except BROKEN_ARCHIVE:
            raise ValidationError(_("“%(name)s” can't be taken out of the archive.") % {"name": name[:80]}) from None
        if len(data) > most:
            raise ValidationError(_("“%(name)s” is too heavy for a picture.") % {"name": name[:80]})
        return data


def _last(name):
    return PurePosixPath(name.replace("\\", "/")).name.casefold()


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
