"""Widgets of the two answers that a web service can fill in: the SIRET, and the position on the map."""

from typing import Any

from django import forms
from django.conf import settings

from fiches.forms.company_directory import directory_url
from fiches.territoire.geocoding import geocoder_url


class SiretInput(forms.TextInput):
    """A text input with a button that fills the form in from the company directory, if the operator configured one."""

    template_name = "candidatures/widgets/siret.html"

    def get_context(self, name: Any, value: Any, attrs: Any) -> Any:
        context = super().get_context(name, value, {"inputmode": "numeric", **(attrs or {})})
        context["widget"]["annuaire"] = bool(directory_url())
        return context


class PositionInput(forms.TextInput):
    """A text input for latitude and longitude, with a map when scripts run, and a button that geocodes the address if the
    operator configured a geocoder."""

    template_name = "candidatures/widgets/position.html"

    class Media:
        css = {"all": ["fiches/css/trouver.css"]}
        js = [forms.Script("candidatures/position.js", type="module")]

    def get_context(self, name: Any, value: Any, attrs: Any) -> Any:
        context = super().get_context(name, value, attrs)
        context["widget"] |= {
            "geocodeur": bool(geocoder_url()),
            "tuiles": getattr(settings, "RALLYNOV_TILES_URL", ""),
            "attribution": getattr(settings, "RALLYNOV_TILES_ATTRIBUTION", ""),
        }
        return context
