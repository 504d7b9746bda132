"""Drafts are always saved: a value that breaks a rule is stored as it was typed, and the rule is checked when the page is submitted or
published."""

import re
from typing import Any

from django import forms
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import InlinePanel
from wagtail.admin.panels.base import get_form_for_model
from wagtail.fields import StreamField

URI_SCHEME = re.compile(r"[\s\x00-\x1f]*[a-z][a-z0-9+.\s-]*:", re.IGNORECASE)
# The codes of errors about values that a draft can't hold either: what is made of them fails, people count on another value, or the
# user may not choose them; and, of those that aren't texts, a column refuses them.
REFUSED_CODES = {"null_characters_not_allowed", "year", "expiry", "not_yours"}
REFUSED_BY_COLUMNS = {"invalid", "invalid_choice", "null", "min_value", "max_value", "unique", "unique_together"}


def has_unsafe_scheme(address: str) -> bool:
    """Whether an address has another scheme than http or https, such as ``javascript:``. The preview makes a link of it."""
    return bool(URI_SCHEME.match(address)) and not address.lower().startswith(("http:", "https:"))


class DraftForm(WagtailAdminModelForm):
    """Form that leaves out, while a draft is saved, the errors of values that can be stored."""

    # Whether a draft may hold what is wrong.
    keeps_what_is_wrong = True

    def add_error(self, field: str | None, error: Any) -> None:
        if self.is_deferred_validation and self.keeps_what_is_wrong:
            error = self._errors_of_draft(field, error)
        if error:
            super().add_error(field, error)

    def _errors_of_draft(self, field: str | None, error: Any) -> ValidationError | None:
        error = error if isinstance(error, ValidationError) else ValidationError(error)
        if hasattr(error, "error_dict"):
            errors = {
                name: left for name, each in error.error_dict.items() if (left := self.refused_in_draft(name, each))
            }
            return ValidationError(errors) if errors else None
        if field is None:
            return error
        left = self.refused_in_draft(field, error.error_list)
        return error if left == error.error_list else ValidationError(left) if left else None

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


class DraftInlinePanel(InlinePanel):
    """An inline panel whose rows are saved with the draft of their page, whatever is wrong in them."""

    def get_form_options(self) -> dict[str, Any]:
        options = super().get_form_options()
        rows = options["formsets"][self.relation_name]
        deferred = self.child_edit_handler.get_form_options().get("defer_required_on_fields", [])
        model = self.db_field.related_model
        rows["form"] = get_form_for_model(model, form_class=DraftForm, defer_required_on_fields=deferred)
        return options
