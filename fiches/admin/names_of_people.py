"""People are named, not their accounts: in the exports and filters of Wagtail's reports, and in the admin's forms."""

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.db.models import ForeignKey, ManyToManyField
from django_filters.fields import ModelChoiceField
from wagtail.admin.forms.models import register_form_field_override
from wagtail.admin.utils import get_user_display_name
from wagtail.admin.views.mixins import SpreadsheetExportMixin
from wagtail.admin.views.reports.locked_pages import LockedPagesReportFilterSet
from wagtail.admin.views.reports.workflows import WorkflowReportFilterSet

# The filters by a person of Wagtail's reports, whose choices would be accounts.
FILTERS = ((LockedPagesReportFilterSet, "locked_by"), (WorkflowReportFilterSet, "requested_by"))


class _Named:
    """Mixin of a form field whose choices are users."""

    def label_from_instance(self, obj: Any) -> str:
        return get_user_display_name(obj)


class PersonField(_Named, ModelChoiceField):
    """The field of a filter by a user."""


class OnePersonField(_Named, forms.ModelChoiceField):
    """The field of a foreign key to a user."""


class PeopleField(_Named, forms.ModelMultipleChoiceField):
    """The field of a relation to many users."""


def _field_of_people(field: ManyToManyField) -> dict[str, Any] | None:
    return {"form_class": PeopleField} if field.related_model is get_user_model() else None


def install() -> None:
    """Names the people. Called once, when Django starts."""
    register_form_field_override(ForeignKey, to=get_user_model(), override={"form_class": OnePersonField})
    register_form_field_override(ManyToManyField, override=_field_of_people)
    formats = (SpreadsheetExportMixin.FORMAT_CSV, SpreadsheetExportMixin.FORMAT_XLSX)
    SpreadsheetExportMixin.custom_value_preprocess[AbstractBaseUser] = dict.fromkeys(formats, get_user_display_name)
    for filters, name in FILTERS:
        filters.base_filters[name].field_class = PersonField
