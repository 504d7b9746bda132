"""Pictures in forms: each is described or said to be decorative (WCAG 1.1.1), and one that waits with a dossier is shown by that
dossier's fiche alone, whatever number a form is sent."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm, WagtailAdminPageForm
from wagtail.images.models import AbstractImage

REFUSED = _("This picture is kept for its dossier. Choose another one.")
DESCRIBE = _("Describe the picture for those who can't see it, or tick “decorative”.")


def undescribed(pictures, values):
    """Those of ``pictures`` (names of fields) that ``values`` holds without a text and without the word that they are
    decorative."""
    return [
        name
        for name in pictures
        if values.get(name) and not values.get(f"{name}_alt") and not values.get(f"{name}_decorative")
    ]


def is_reserved(picture):
    """Whether nobody uploaded it in the admin, and its collection is closed to the public."""
    return picture.uploaded_by_user_id is None and bool(picture.collection.get_view_restrictions())


class ReservedPictureMixin:
    """Refuses a reserved picture in a field that had another; the fiche made from the dossier has its own already."""

    def clean(self):
        cleaned = super().clean()
        for name in self.changed_data:
            chosen = cleaned.get(name)
            if isinstance(chosen, AbstractImage) and is_reserved(chosen):
                self.add_error(name, ValidationError(REFUSED))
        return cleaned


class AlternativeTextMixin(ReservedPictureMixin):
    """Asks of each picture field for its text, or for the word that it is decorative; a draft does without."""

    described_pictures = ()

    def clean(self):
        cleaned = super().clean()
        if not self.is_deferred_validation:
            for name in undescribed(self.described_pictures, cleaned):
                self.add_error(f"{name}_alt", ValidationError(DESCRIBE))
        return cleaned


class AlternativeTextForm(AlternativeTextMixin, WagtailAdminPageForm):
    """A page with one ``photo``."""

    described_pictures = ("photo",)


class RecordForm(ReservedPictureMixin, WagtailAdminModelForm):
    """A record with a picture that isn't a page's."""
