"""A picture that waits with a dossier is shown by that dossier's fiche alone, whatever number a form is sent."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.images.models import AbstractImage

REFUSED = _("This picture is kept for its dossier. Choose another one.")


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


class RecordForm(ReservedPictureMixin, WagtailAdminModelForm):
    """A record with a picture that isn't a page's."""
