"""Image fields that hold sanitised images only: one for forms, one for models."""

from typing import Any

from django import forms
from django.core.files import File
from django.core.files.uploadedfile import UploadedFile
from django.db.models.fields.files import FieldFile, ImageFileDescriptor
from wagtail.images import fields as wagtail_fields
from wagtail.images import models as wagtail_models

from fiches.media.images import CleanImage, overwrite, sanitise_image


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

    save.alters_data = True


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
