"""Image fields that hold clean pictures only: one for forms, one for models."""

from django import forms
from django.db.models.fields.files import FieldFile, ImageFileDescriptor
from wagtail.images import fields as wagtail_fields
from wagtail.images import models as wagtail_models

from fiches.media.images import CleanImage, overwrite, sanitise_image


class SafeImageField(wagtail_fields.WagtailImageField):
    """A form's picture, for the public and for the admin: its value is a ``CleanImage``, never what was sent."""

    def __init__(self, *args, limits=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.limits = limits

    def to_python(self, data):
        sent = forms.FileField.to_python(self, data)
        if sent is None:
            return None
        clean = sanitise_image(sent, limits=self.limits)
        overwrite(sent, clean)
        return clean


class CleanImageFieldFile(wagtail_models.WagtailImageFieldFile):
    """Cleans what it is about to store, however it came: form, import, API or shell."""

    def save(self, name, content, save=True):
        clean = content if isinstance(content, CleanImage) else sanitise_image(content, name=name)
        super().save(clean.name, clean, save)

    save.alters_data = True


class CleanImageDescriptor(ImageFileDescriptor):
    """Cleans a file when it is assigned, so that width, height, size and hash are those of what is stored."""

    def __set__(self, instance, value):
        if hasattr(value, "read") and not isinstance(value, FieldFile | CleanImage):
            value = sanitise_image(value)
        super().__set__(instance, value)


class CleanImageField(wagtail_models.WagtailImageField):
    """The ``file`` of an image model, holding clean pictures only. Raises ``ValidationError`` when given another.

    To migrations it is Wagtail's own field: the column is the same.
    """

    attr_class = CleanImageFieldFile
    descriptor_class = CleanImageDescriptor

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "wagtail.images.models.WagtailImageField", args, kwargs
