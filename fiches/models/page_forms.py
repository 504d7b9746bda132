"""What the forms of pages and records check: chosen pictures and documents are the user's to choose, pictures are described (WCAG
1.1.1) and not a dossier's, years are plausible; a draft gets a free slug."""

import datetime
import re
from collections.abc import Iterator
from itertools import count
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm, WagtailAdminPageForm
from wagtail.admin.panels import InlinePanel
from wagtail.admin.panels.base import get_form_for_model
from wagtail.documents import get_document_model
from wagtail.documents.models import AbstractDocument
from wagtail.images import get_image_model
from wagtail.images.models import AbstractImage
from wagtail.permissions import policy_registry

REFUSED_MEDIA = {
    AbstractImage: _("You don’t have access to this picture. Choose another one."),
    AbstractDocument: _("You don’t have access to this document. Choose another one."),
}

REFUSED = _("This picture is kept for its dossier. Choose another one.")
DESCRIBE = _("Describe the picture for those who can't see it, or tick “decorative”.")

SIGN = r"©|\(c\)"
# What people write before the name in a credit: « © », « Crédit photo : », « Photo © ».
BEFORE_A_CREDIT = re.compile(
    rf"(?:\s*(?:(?:{SIGN})\s*:?|(?:(?:cr[ée]dits?\s+)?(?:photo(?:graphie)?|image)s?|cr[ée]dits?|copyright)\s*(?::|(?={SIGN}))))+\s*",
    re.IGNORECASE,
)

# A year outside is a slip, such as 9999 or 0206.
FIRST_YEAR = 1900
YEARS_AHEAD = 10


class ChosenMediaForm(WagtailAdminModelForm):
    """Refuses pictures and documents that the user may not choose and that the page doesn't show already: who may change a page may
    open the files that it shows."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.for_user:
            return cleaned
        columns = [(name, column) for name in cleaned if (column := self._column(name)) is not None]
        known = {media for name, column in columns for media in _media_in(column, getattr(self.instance, name, None))}
        for name, column in columns:
            for model, pk in sorted({*_media_in(column, cleaned[name])} - known, key=str):
                choosable = policy_registry.get_by_type(model).instances_user_has_any_permission_for(
                    self.for_user, {"choose"}
                )
                if model._default_manager.filter(pk=pk).exists() and not choosable.filter(pk=pk).exists():
                    kind = next(kind for kind in REFUSED_MEDIA if issubclass(model, kind))
                    self.add_error(name, ValidationError(REFUSED_MEDIA[kind]))
                    break
        return cleaned

    def _column(self, name: str) -> models.Field | None:
        try:
            return self._meta.model._meta.get_field(name)
        except FieldDoesNotExist:
            return None


def _media_in(column: models.Field, value: Any) -> Iterator[tuple[type[models.Model], str]]:
    """Yields ``(model, key)`` of the pictures and documents that the value of a column names."""
    if column.many_to_one and isinstance(value, models.Model):
        found = [(type(value), str(value.pk))]
    elif hasattr(column, "extract_references") and value:
        found = [(model, str(pk)) for model, pk, *_path in column.extract_references(value)]
    else:
        found = []
    media = (get_image_model(), get_document_model())
    yield from (each for each in found if issubclass(each[0], media))


class ChosenMediaInlinePanel(InlinePanel):
    """An inline panel whose rows have a :class:`ChosenMediaForm`."""

    def get_form_options(self) -> dict[str, Any]:
        options = super().get_form_options()
        rows = options["formsets"][self.relation_name]
        deferred = self.child_edit_handler.get_form_options().get("defer_required_on_fields", [])
        rows["inherit_kwargs"] = ["for_user"]
        rows["form"] = get_form_for_model(
            self.db_field.related_model, form_class=ChosenMediaForm, defer_required_on_fields=deferred
        )
        return options


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


def check_year(date: datetime.date | None) -> None:
    """Checks the year of a date or a moment; None is accepted.

    :raises ValidationError: it is before 1900, or more than ten years ahead.
    """
    last = timezone.localdate().year + YEARS_AHEAD
    if date and not FIRST_YEAR <= date.year <= last:
        message = _("The year %(year)s is surely a slip: give one between %(first)s and %(last)s.")
        years = {"year": date.year, "first": FIRST_YEAR, "last": last}
        raise ValidationError(message % {name: str(year) for name, year in years.items()})


def year_errors(**dates: datetime.date | None) -> dict[str, ValidationError]:
    """``{name: error}`` of those of these dates whose year is refused."""
    errors = {}
    for name, date in dates.items():
        try:
            check_year(date)
        except ValidationError as error:
            errors[name] = error
    return errors


class FreeSlugForm(ChosenMediaForm, WagtailAdminPageForm):
    """Form of a page. While the page was never published, a slug that another page has is replaced by a free one (``le-four-2``),
    so that drafts are always saved. A slug that was typed, not made from the title, is still refused when the page is submitted.
    A draft without a slug has one made from its title: a browser makes it once the title is left."""

    def defer_required_fields(self) -> None:
        super().defer_required_fields()
        if "slug" in self.fields and "slug" not in self.deferred_required_fields:
            self.fields["slug"].required = False
            self.deferred_required_fields.append("slug")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name, error in year_errors(**{name: cleaned.get(name) for name in ("go_live_at", "expire_at")}).items():
            self.add_error(name, error)
        return cleaned

    def clean_slug(self) -> str:
        page = self.instance
        slug = self.cleaned_data["slug"] or page.slug or self._slug_of_title()
        if page.pk and (page.live or page.first_published_at):
            return slug
        siblings = self.parent_page.get_children()
        if page.pk:
            siblings = siblings.not_page(page)
        taken = set(siblings.filter(slug__startswith=slug).values_list("slug", flat=True))
        if slug not in taken:
            return slug
        is_typed = _letters(slug) != _letters(self.cleaned_data.get("title", ""))
        if is_typed and not self.is_deferred_validation:
            return slug
        if page.pk and re.fullmatch(rf"{re.escape(slug)}-[0-9]+", page.slug):
            return page.slug  # the form is still open with the slug that it had before the first save
        return next(free for number in count(2) if (free := f"{slug[:240]}-{number}") not in taken)

    def _slug_of_title(self) -> str:
        return slugify(self.cleaned_data.get("title", "")) or slugify(self._meta.model._meta.verbose_name)


def _letters(text: str) -> str:
    return slugify(text).replace("-", "")
