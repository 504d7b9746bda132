"""Alternative texts: a picture that informs is described, or said to be decorative (WCAG 1.1.1)."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm

from fiches.media.reserved_photos import ReservedPictureMixin

DESCRIBE = _("Describe the picture for those who can't see it, or tick “decorative”.")


def undescribed(pictures, values):
    """Those of ``pictures`` (names of fields) that ``values`` holds without a text and without the word that they are
    decorative."""
    return [
        name
        for name in pictures
        if values.get(name) and not values.get(f"{name}_alt") and not values.get(f"{name}_decorative")
    ]


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
