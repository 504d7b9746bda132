"""Drafts are always saved: a value that breaks a rule is stored as it was typed, and the rule is checked when the page is submitted or
published."""

import copy
import re
from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import InlinePanel
from wagtail.admin.panels.base import get_form_for_model
from wagtail.documents import get_document_model
from wagtail.documents.models import AbstractDocument
from wagtail.fields import StreamField
from wagtail.images import get_image_model
from wagtail.images.models import AbstractImage
from wagtail.permissions import policy_registry

URI_SCHEME = re.compile(r"[\s\x00-\x1f]*[a-z][a-z0-9+.\s-]*:", re.IGNORECASE)
# The codes of errors about values that a draft can't hold either: what is made of them fails, people count on another value, or the
# user may not choose them; and, of those that aren't texts, a column refuses them.
REFUSED_CODES = {"null_characters_not_allowed", "year", "expiry", "not_yours"}
REFUSED_BY_COLUMNS = {"invalid", "invalid_choice", "null", "min_value", "max_value", "unique", "unique_together"}
REFUSED_MEDIA = {
    AbstractImage: gettext_lazy("You don’t have access to this picture. Choose another one."),
    AbstractDocument: gettext_lazy("You don’t have access to this document. Choose another one."),
}


def has_unsafe_scheme(address: str) -> bool:
    """Whether an address has another scheme than http or https, such as ``javascript:``. The preview makes a link of it."""
    return bool(URI_SCHEME.match(address)) and not address.lower().startswith(("http:", "https:"))


class DraftForm(WagtailAdminModelForm):
    """Form that leaves out, while a draft is saved, the errors of values that can be stored. They stand beside their fields when the
    draft is opened again."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # ``{field: what is wrong with the values that the draft holds}``.
        self.stored_faults: dict[str, list[str]] = {}

    def full_clean(self) -> None:
        """Shows as errors, in a form that is opened, what is wrong with the values of the draft."""
        super().full_clean()
        if not self.is_bound:
            self.stored_faults = dict(self.faults_of_instance())
            for name, faults in self.stored_faults.items():
                self._errors[name] = self.error_class([_stored_remark(faults)])

    def clean(self) -> dict[str, Any]:
        """Refuses pictures and documents that the user may not choose and that the page doesn't show already: who may change a page
        may open the files that it shows."""
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
                    self.add_error(name, ValidationError(REFUSED_MEDIA[kind], code="not_yours"))
                    break
        return cleaned

    def faults_of_instance(self) -> Iterator[tuple[str, list[str]]]:
        """Yields ``(field, messages)`` of the texts of the instance that a draft holds and its columns refuse."""
        texts = {
            column.name
            for column in self._meta.model._meta.concrete_fields
            if isinstance(column, models.CharField | models.TextField)
            and column.name in self.fields
            and vars(self.instance).get(column.attname)
        }
        if not texts:
            return
        others = {field.name for field in self._meta.model._meta.get_fields()} - texts
        try:
            copy.copy(self.instance).clean_fields(exclude=others)
        except ValidationError as error:
            yield from error.message_dict.items()

    def add_error(self, field: str | None, error: Any) -> None:
        if self.is_deferred_validation:
            error = self._errors_of_draft(field, error)
        if error:
            super().add_error(field, error)

    def _errors_of_draft(self, field: str | None, error: Any) -> ValidationError | None:
        error = error if isinstance(error, ValidationError) else ValidationError(error)
        if hasattr(error, "error_dict"):
            errors = {name: left for name, each in error.error_dict.items() if (left := self._sorted_out(name, each))}
            return ValidationError(errors) if errors else None
        if field is None:
            return error
        left = self._sorted_out(field, error.error_list)
        return error if left == error.error_list else ValidationError(left) if left else None

    def _sorted_out(self, name: str, errors: list[ValidationError]) -> list[ValidationError]:
        """The errors of a field for which a draft is refused; notes what is wrong for the others."""
        left = self.refused_in_draft(name, errors)
        if not left and name in self.fields:
            self.stored_faults.setdefault(name, [message for error in errors for message in error.messages])
        return left

    def refused_in_draft(self, name: str, errors: list[ValidationError]) -> list[ValidationError]:
        """Those of the errors of a field for which a draft is refused."""
        column, codes = self._column(name), {error.code for error in errors}
        if column is None or column.is_relation or isinstance(column, StreamField) or codes & REFUSED_CODES:
            return errors
        if isinstance(self.fields.get(name), forms.CharField) and isinstance(
            column, models.CharField | models.TextField
        ):
            typed = str(self[name].data or "").strip()
            is_unsafe = isinstance(column, models.URLField) and has_unsafe_scheme(typed)
            too_long = len(typed) > (self.fields[name].max_length or len(typed))
            if isinstance(column, models.SlugField) or not typed or too_long or is_unsafe:
                return errors
            self.cleaned_data[name] = typed
            return []
        if name not in self.cleaned_data:
            return errors
        return [error for error in errors if error.code in REFUSED_BY_COLUMNS]

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


def _stored_remark(faults: list[str]) -> str:
    return " ".join([*faults, _("The draft keeps this value: correct it before you submit the page.")])


class DraftInlinePanel(InlinePanel):
    """An inline panel whose rows are saved with the draft of their page, whatever is wrong in them but a file that the user may not
    choose."""

    def get_form_options(self) -> dict[str, Any]:
        options = super().get_form_options()
        rows = options["formsets"][self.relation_name]
        deferred = self.child_edit_handler.get_form_options().get("defer_required_on_fields", [])
        model = self.db_field.related_model
        rows["inherit_kwargs"] = ["for_user"]
        rows["form"] = get_form_for_model(model, form_class=DraftForm, defer_required_on_fields=deferred)
        return options
