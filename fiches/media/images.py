"""Sanitises uploaded images: decodes them under limits, and encodes only the pixels again.

So no metadata (position, serial number, thumbnail of the uncropped picture) and no hidden content (script, appended archive) is
stored. ``image_reader`` decodes them in a subprocess with limited memory and time.
"""

import re
from importlib.util import find_spec
from typing import Any

from anyascii import anyascii
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db.models.fields.files import FieldFile, ImageFileDescriptor
from django.utils.text import get_text_list, slugify
from django.utils.translation import gettext_lazy as _
from wagtail.images import fields as wagtail_fields
from wagtail.images import models as wagtail_models

from fiches import formats
from fiches.media import image_reader, sandboxed_reader
from fiches.upkeep.machine_lock import Busy

LONGEST_NAME = 60
EXTENSIONS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}


MAX_BYTES = 30 * 1024 * 1024
MAX_PIXELS = 50_000_000
MAX_SIDE = 16_000
BUSY = _("Other files are being read at the moment. Send this one again in a minute.")
REFUSALS = {
    "animated": _("Animated pictures are not accepted: send a still one."),
    "busy": BUSY,
    "too_large": _(
        "This picture is too large, or too complex to be read. Send one of %(weight)s, %(pixels)s million pixels and %(side)s pixels "
        "along a side at most."
    ),
    "unreadable": _("This picture is damaged, or of a kind that can't be read. Send a %(formats)s file."),
}


def max_bytes() -> int:
    """Returns the largest size of an uploaded image, by Wagtail's setting."""
    return getattr(settings, "WAGTAILIMAGES_MAX_UPLOAD_SIZE", None) or MAX_BYTES


class CleanImage(ContentFile):
    """An image encoded by ``sanitise_image``; our image fields store no other file."""

    def __init__(self, content: bytes, name: str, *, content_type: str, width: int, height: int) -> None:
        super().__init__(content, name)
        self.content_type = content_type
        self.width = width
        self.height = height


def sanitise_image(file: Any, *, name: Any = None) -> File:
    """Returns the image in ``file`` as a ``CleanImage`` (JPEG, PNG or WebP): upright, in sRGB, without metadata.

    :param file: its format is detected from the content, not from the name.
    :param name: the name of the result (``file.name`` by default), made safe and with the extension of the format.
    :raises ValidationError: with a message for the sender and the code of :data:`REFUSALS`, when it isn't a still image within the
        limits of Wagtail's settings. No other exception is raised.
    """
    pixels = getattr(settings, "WAGTAILIMAGES_MAX_IMAGE_PIXELS", None) or MAX_PIXELS
    answer, content = _rewrite(file, pixels)
    if code := answer.get("refused"):
        limits = {
            "weight": formats.size(max_bytes()),
            "pixels": f"{pixels / 1_000_000:g}",
            "side": formats.thousands(MAX_SIDE),
            "formats": format_names(),
        }
        raise ValidationError(REFUSALS[code], code=code, params=limits)
    return CleanImage(
        content,
        safe_name(name or getattr(file, "name", ""), EXTENSIONS[answer["format"]]),
        content_type=f"image/{answer['format'].lower()}",
        width=answer["width"],
        height=answer["height"],
    )


def _rewrite(file: Any, pixels: int) -> tuple[dict[str, Any], bytes]:
    """Returns what ``image_reader`` answers."""
    if getattr(file, "closed", False):
        file.open("rb")
    file.seek(0)
    data = file.read(max_bytes() + 1)
    file.seek(0)
    if len(data) > max_bytes():
        return {"refused": "too_large"}, b""
    try:
        return sandboxed_reader.read(image_reader, data, max_pixels=pixels, max_side=MAX_SIDE)
    except sandboxed_reader.TooMuch:
        return {"refused": "too_large"}, b""
    except Busy:
        return {"refused": "busy"}, b""


def overwrite(sent: Any, clean: File) -> None:
    """Overwrites the uploaded file with the clean one, since Wagtail may store the uploaded file until the form is complete."""
    sent.seek(0)
    sent.truncate()
    sent.write(clean.read())
    sent.flush()
    sent.seek(0)
    clean.seek(0)
    sent.size = clean.size
    sent.content_type = getattr(clean, "content_type", sent.content_type)


def safe_name(name: str, extension: str) -> str:
    """Returns ``name`` in ASCII, shortened, without folders, with ``extension``: "Été au lac.HEIC" → "ete-au-lac.jpg"."""
    base = re.split(r"[\\/]", name or "")[-1]
    stem = base.rpartition(".")[0] or base
    return f"{slugify(anyascii(stem))[:LONGEST_NAME].strip('-') or 'image'}.{extension}"


def format_names() -> str:
    """Returns the accepted formats in words, for labels and messages: « JPEG, PNG… ou AVIF »."""
    return get_text_list(["JPEG", "PNG", "WebP", "GIF", *(["HEIC"] if reads_heic() else []), "AVIF"])


def accepted() -> str:
    """The ``accept`` of a file field: pictures, with the extensions that browsers don't know as such and that are read here."""
    return "image/*,.avif" + (",.heic,.heif" if reads_heic() else "")


def reads_heic() -> bool:
    """Returns whether the optional package for HEIC is installed; the site doesn't ship it, since its wheel holds GPL code."""
    return find_spec("pillow_heif") is not None


class SafeImageField(wagtail_fields.WagtailImageField):
    """A form field for images, public or in the admin, whose value is a ``CleanImage``, never the uploaded file."""

    def to_python(self, data: UploadedFile | None) -> File | None:
        sent = forms.FileField.to_python(self, data)
        if sent is None:
            return None
        clean = sanitise_image(sent)
        overwrite(sent, clean)
        return clean


class CleanImageFieldFile(wagtail_models.WagtailImageFieldFile):
    """Sanitises a file when it is saved, whatever its origin: form, import, API or shell."""

    def save(self, name: str | None, content: File, save: bool = True) -> None:
        clean = content if isinstance(content, CleanImage) else sanitise_image(content, name=name)
        super().save(clean.name, clean, save)

    save.alters_data = True  # type: ignore[attr-defined]


class CleanImageDescriptor(ImageFileDescriptor):
    """Sanitises a file when it is assigned, so that width, height, size and hash are those of the stored file."""

    def __set__(self, instance: Any, value: Any) -> Any:
        if hasattr(value, "read") and not isinstance(value, FieldFile | CleanImage):
            value = sanitise_image(value)
        super().__set__(instance, value)


class CleanImageField(wagtail_models.WagtailImageField):
    """The field ``file`` of an image model; raises ``ValidationError`` for a file that can't be sanitised. Migrations name Wagtail's
    field, which has the same column."""

    attr_class = CleanImageFieldFile
    descriptor_class = CleanImageDescriptor

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "wagtail.images.models.WagtailImageField", args, kwargs
