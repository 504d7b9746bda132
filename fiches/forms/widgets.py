"""The widget of every text of several lines in the admin."""

from collections.abc import Mapping
from typing import Any

from django.db.models import TextField
from wagtail.admin.forms.models import register_form_field_override
from wagtail.admin.widgets import AdminAutoHeightTextInput


class LinesInput(AdminAutoHeightTextInput):
    """Several lines of text: a browser ends each with two characters, we keep one, so that what wasn't touched is the same."""

    def value_from_datadict(self, data: Mapping[str, Any], files: Mapping[str, Any], name: str) -> Any:
        value = super().value_from_datadict(data, files, name)
        return value.replace("\r\n", "\n") if value else value


def register_lines_input() -> None:
    """Called once, when Django starts: the admin's forms use it for every text of several lines."""
    register_form_field_override(TextField, override={"widget": LinesInput}, exact_class=True)
