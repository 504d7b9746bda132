"""Wagtail's reports name people, not accounts, in their exports and in their filters."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django_filters.fields import ModelChoiceField
from wagtail.admin.utils import get_user_display_name
from wagtail.admin.views.mixins import SpreadsheetExportMixin
from wagtail.admin.views.reports.locked_pages import LockedPagesReportFilterSet
from wagtail.admin.views.reports.workflows import WorkflowReportFilterSet

# The filters by a person of Wagtail's reports, whose choices would be accounts.
FILTERS = ((LockedPagesReportFilterSet, "locked_by"), (WorkflowReportFilterSet, "requested_by"))


class PersonField(ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return get_user_display_name(obj)


def install() -> None:
    """Names the people. Called once, when Django starts."""
    formats = (SpreadsheetExportMixin.FORMAT_CSV, SpreadsheetExportMixin.FORMAT_XLSX)
    SpreadsheetExportMixin.custom_value_preprocess[AbstractBaseUser] = dict.fromkeys(formats, get_user_display_name)
    for filters, name in FILTERS:
        filters.base_filters[name].field_class = PersonField
