"""Forms of pictures: alternative texts are required (WCAG 1.1.1), pictures reserved for a dossier are refused, a credit is a name."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm, WagtailAdminPageForm
from wagtail.images import get_image_model
from wagtail.images.models import AbstractImage

from fiches.models.chosen_media import ChosenMediaForm

REFUSED = _("This picture is kept for its dossier. Choose another one.")
DESCRIBE = _("Describe the picture for those who can't see it, or tick “decorative”.")

SIGN = r"©|\(c\)"
# What people write before the name in a credit: « © », « Crédit photo : », « Photo © ».
BEFORE_A_CREDIT = re.compile(
    rf"(?:\s*(?:(?:{SIGN})\s*:?|(?:(?:cr[ée]dits?\s+)?(?:photo(?:graphie)?|image)s?|cr[ée]dits?|copyright)\s*(?::|(?={SIGN}))))+\s*",
    re.IGNORECASE,
)


def credit_name(credit: str) -> str:
    """``credit`` without « © », « Photo : » or the like before the name: each page writes its own."""
    match = BEFORE_A_CREDIT.match(credit)
    return credit[match.end() :] if match else credit


def undescribed(pictures: tuple[str, ...], values: dict[str, Any]) -> list[str]:
    """The names of ``pictures`` (picture fields) that have neither an alternative text nor the mark "decorative" in
    ``values``."""
    return [
        name
        for name in pictures
        if values.get(name) and not values.get(f"{name}_alt") and not values.get(f"{name}_decorative")
    ]


def is_reserved(picture: Any) -> bool:
    """Whether a picture belongs to a dossier: it was not uploaded in the admin, and its collection is private."""
    return picture.uploaded_by_user_id is None and bool(picture.collection.get_view_restrictions())


class ReservedPictureMixin:
    """Refuses a reserved picture in a field that changed. The fiche made from the dossier already has its picture."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name in self.changed_data:
            chosen = cleaned.get(name)
            if isinstance(chosen, AbstractImage) and is_reserved(chosen):
                self.add_error(name, ValidationError(REFUSED))
        return cleaned


class AlternativeTextMixin(ReservedPictureMixin):
    """Requires an alternative text or the mark "decorative" for each of ``described_pictures``, except in drafts. The
    description that was written when the picture was uploaded stands for an alternative text left empty, and goes with its picture."""

    described_pictures: tuple[str, ...] = ()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name in set(self.described_pictures) & set(self.changed_data):
            if cleaned.get(f"{name}_alt") and cleaned[f"{name}_alt"] == self._former_description(name):
                cleaned[f"{name}_alt"] = ""
        for name in undescribed(self.described_pictures, cleaned):
            if not self.is_deferred_validation or {name, f"{name}_alt"} & set(self.changed_data):
                cleaned[f"{name}_alt"] = cleaned[name].description[: self.fields[f"{name}_alt"].max_length]
        if not self.is_deferred_validation:
            for name in undescribed(self.described_pictures, cleaned):
                self.add_error(f"{name}_alt", ValidationError(DESCRIBE))
        return cleaned

    def _former_description(self, name: str) -> str:
        """The description of the picture that another has just replaced; ``""`` if there was none."""
        images = get_image_model().objects.filter(pk=self.initial.get(name))
        return images.values_list("description", flat=True).first() or ""


class AlternativeTextForm(AlternativeTextMixin, ChosenMediaForm, WagtailAdminPageForm):
    """The form of a page with one ``photo``."""

    described_pictures = ("photo",)


class RecordForm(ReservedPictureMixin, WagtailAdminModelForm):
    """The form of a snippet with a picture."""
