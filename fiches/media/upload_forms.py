"""The admin's forms for images and documents, with the validation of ``images`` and ``documents``.

A host names them in its settings, for any image and document model; every upload in the admin (one file, several, in a chooser,
a replacement, the API) then uses them:

    WAGTAILIMAGES_IMAGE_FORM_BASE = "fiches.media.upload_forms.SafeImageForm"
    WAGTAILDOCS_DOCUMENT_FORM_BASE = "fiches.media.upload_forms.SafeDocumentForm"
"""

from typing import Any

from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.forms import BaseImageForm

from fiches.media.documents import SafeDocumentField
from fiches.media.images import SafeImageField


class SafeFileMixin:
    """Replaces the form's field ``file``, if it has one, by ``file_field_class``."""

    file_field_class = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stock = self.fields.get("file")
        if stock:
            self.fields["file"] = self.file_field_class(label=stock.label, required=stock.required, widget=stock.widget)


class SafeImageForm(SafeFileMixin, BaseImageForm):
    """Wagtail's image form, which sanitises the image."""

    file_field_class = SafeImageField


class SafeDocumentForm(SafeFileMixin, BaseDocumentForm):
    """Wagtail's document form, which validates and cleans the document."""

    file_field_class = SafeDocumentField

    def full_clean(self) -> None:
        """Shows only why the file is refused, without the model's error that it is missing."""
        super().full_clean()
        if "file" in self.errors:
            del self.errors["file"].data[1:]
