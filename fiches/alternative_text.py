"""Alternative texts: a picture that informs is described, or said to be decorative (WCAG 1.1.1)."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm

from fiches.photos_reservees import ReservedPictureMixin

DESCRIBE = _("Describe the picture for those who can't see it, or tick “decorative”.")


class AlternativeTextMixin(ReservedPictureMixin):
    """Asks of each picture field for its text, or for the word that it is decorative."""

    described_pictures = ()

    def clean(self):
        cleaned = super().clean()
        for name in self.described_pictures:
            if not cleaned.get(name):
                continue
            if not cleaned.get(f"{name}_alt") and not cleaned.get(f"{name}_decorative"):
                self.add_error(f"{name}_alt", ValidationError(DESCRIBE))
        return cleaned


class AlternativeTextForm(AlternativeTextMixin, WagtailAdminPageForm):
    """A page with one ``photo``."""

    described_pictures = ("photo",)
