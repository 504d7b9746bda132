"""The form field of a point: its coordinates, and a map below them when scripts run."""

from typing import Any

from django import forms
from django.conf import settings

from fiches.models.coordinates import read_point


class PositionInput(forms.TextInput):
    """A text input for latitude and longitude, with a map when scripts run."""

    template_name = "fiches/widgets/position.html"

    class Media:
        css = {"all": ["fiches/css/trouver.css"]}
        js = [forms.Script("fiches/position.js", type="module")]

    def get_context(self, name: Any, value: Any, attrs: Any) -> Any:
        context = super().get_context(name, value, attrs)
        context["widget"] |= {
            "tuiles": getattr(settings, "RALLYNOV_TILES_URL", ""),
            "attribution": getattr(settings, "RALLYNOV_TILES_ATTRIBUTION", ""),
        }
        return context


class AdminPositionInput(PositionInput):
    """The same in the admin's forms."""

    class Media:
        css = {"all": ["fiches/admin/position.css"]}


class PointField(forms.CharField):
    """The form field of a point that is stored as WKT and shown as people write it."""

    widget = AdminPositionInput

    def prepare_value(self, value: str | None) -> str | None:
        return read_point(value).typed if value and value.startswith("SRID=") else value

    def has_changed(self, initial: str | None, data: str | None) -> bool:
        return (self.prepare_value(initial) or "") != (data or "")
