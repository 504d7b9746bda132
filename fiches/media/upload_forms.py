"""The admin's forms for pictures and documents, refusing what ``images`` and ``documents`` refuse.

A host names them in its settings, whatever its image and document models, and every way into the admin (one file,
several at once, from a chooser, a replacement, the API) goes through them:

    WAGTAILIMAGES_IMAGE_FORM_BASE = "fiches.media.upload_forms.SafeImageForm"
    WAGTAILDOCS_DOCUMENT_FORM_BASE = "fiches.media.upload_forms.SafeDocumentForm"

A host that has such forms of its own adds the mixins to them. Wagtail has no setting for the form of staff's own
portraits: see ``SafeAvatarForm``.
"""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from wagtail.admin.forms.account import AvatarPreferencesForm
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.forms import BaseImageForm

from fiches.media.documents import SafeDocumentField
from fiches.media.image_fields import SafeImageField
from fiches.media.images import CleanImage

PORTRAIT = (400, 400)


class SafeFileMixin:
    """Puts ``file_field_class`` in place of the form's ``file``, in the forms that have one."""

    file_field_class = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        stock = self.fields.get("file")
        if stock:
            self.fields["file"] = self.file_field_class(label=stock.label, required=stock.required, widget=stock.widget)


class SafeImageFormMixin(SafeFileMixin):
    """For an image form: clean pictures only."""

    file_field_class = SafeImageField


class SafeImageForm(SafeImageFormMixin, BaseImageForm):
    """Wagtail's image form with clean pictures only."""


class SafeDocumentFormMixin(SafeFileMixin):
    """For a document form: documents that are what their name says only."""

    file_field_class = SafeDocumentField

    def full_clean(self):
        """Says why the file is refused, not also, as the model does then, that there is none."""
        super().full_clean()
        if "file" in self.errors:
            del self.errors["file"].data[1:]


class SafeDocumentForm(SafeDocumentFormMixin, BaseDocumentForm):
    """Wagtail's document form with documents that are what their name says only."""


class SafeAvatarForm(AvatarPreferencesForm):
    """Wagtail's form for a portrait, with clean pictures only. A host gives it to Wagtail's panel, before its addresses are
    read (see `config.wagtail_overrides`):

    ``AvatarSettingsPanel.form_class = SafeAvatarForm``
    """

    avatar = SafeImageField(label=AvatarPreferencesForm.base_fields["avatar"].label, required=False)

    def clean_avatar(self):
        sent = self.cleaned_data.get("avatar")
        if sent is False:  # "reset to default" is ticked
            return sent
        if not isinstance(sent, CleanImage):
            return self._original_avatar
        output = BytesIO()
        with Image.open(sent) as image:
            image.thumbnail(PORTRAIT)
            image.save(output, image.format)
        return SimpleUploadedFile(sent.name, output.getvalue(), sent.content_type)
