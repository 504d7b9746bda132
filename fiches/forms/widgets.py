"""The widget of multi-line text fields in the admin."""

from collections.abc import Mapping
from typing import Any

from django.db.models import TextField
from wagtail.admin.forms.models import register_form_field_override
from wagtail.admin.widgets import AdminAutoHeightTextInput


class LinesInput(AdminAutoHeightTextInput):
    """A textarea that converts CRLF line ends, which browsers send, to LF, so that an unchanged text stays the same."""

    def value_from_datadict(self, data: Mapping[str, Any], files: Mapping[str, Any], name: str) -> Any:
        value = super().value_from_datadict(data, files, name)
        return value.replace("\r\n", "\n") if value else value


register_form_field_override(TextField, override={"widget": LinesInput}, exact_class=True)
