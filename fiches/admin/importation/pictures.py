"""The pictures of an import: at an address, or already on the site."""

import re
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.base import ContentFile
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext as _
from wagtail.images import get_image_model
from wagtail.images.models import AbstractImage
from wagtail.models import Collection
from wagtail.permissions import policy_registry

from fiches.http import AddressError, DeliveryError, fetch
from fiches.media.access import PARTNERS_COLLECTION
from fiches.media.images import max_bytes, sanitise_image

OF_THE_SITE = re.compile(r"image (\d{1,9})")
REDIRECTIONS = 3


def of_the_site(text: str, *, by: AbstractUser | None) -> AbstractImage | None:
    """The picture of the site that « image 42 » names; None for a web address.

    :param by: who imports it; None for a deleted account, which may choose none.
    :raises ValidationError: the text is neither, there is no such picture, or ``by`` may not choose it.
    """
    match = OF_THE_SITE.fullmatch(text.strip().casefold())
    if not match:
        if not text.casefold().startswith(("http://", "https://")):
            raise ValidationError(_("“%(name)s” is no web address.") % {"name": text[:80]})
        return None
    policy = policy_registry.get_by_type(get_image_model())
    choosable = policy.instances_user_has_any_permission_for(by or AnonymousUser(), {"choose"})
    image = choosable.filter(pk=match[1]).first()
    if image is None:
        raise ValidationError(_("The site has no picture number %(number)s.") % {"number": match[1]})
    return image


def fetched_picture(address: str) -> File:
    """A sanitised picture, fetched from an address.

    :raises ValidationError: with a message for the user.
    """
    try:
        status, data = fetch(iri_to_uri(address), most=max_bytes(), follow=REDIRECTIONS)
    except (AddressError, DeliveryError) as error:
        raise ValidationError(_("This picture can't be fetched: %(why)s.") % {"why": str(error).rstrip(".")}) from None
    if status != 200:
        raise ValidationError(_("This picture can't be fetched: the answer is %(status)s.") % {"status": status})
    name = PurePosixPath(unquote(urlsplit(address).path)).name
    return sanitise_image(ContentFile(data, name=name or "image"))


def save_picture(file: File, *, title: str, by: Any) -> AbstractImage:
    """Saves a picture on the site, in the private collection; it becomes public with its fiche.

    :param by: the user who uploads it, or None.
    """
    collection = Collection.objects.filter(name=PARTNERS_COLLECTION, depth=2).first()
    image = get_image_model()(
        title=title[:255], uploaded_by_user=by, collection=collection or Collection.get_first_root_node()
    )
    image.file = file
    image.file_size = file.size
    image.save()
    return image
