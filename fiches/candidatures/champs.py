"""The two answers that the applicant may have help with: the SIRET, and the position on the map."""

from django import forms
from django.conf import settings

from fiches.forms.company_directory import directory_url
from fiches.territoire.geocoding import geocoder_url


class SiretInput(forms.TextInput):
    """Where the operator turned the directory on, a button fills the form in from it."""

    template_name = "candidatures/widgets/siret.html"

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, {"inputmode": "numeric", **(attrs or {})})
        context["widget"]["annuaire"] = bool(directory_url())
        return context


class PositionInput(forms.TextInput):
    """Latitude and longitude to type, with a map to click where scripts run; and a button to place the address where the
    operator turned a geocoder on."""

    template_name = "candidatures/widgets/position.html"

    class Media:
        css = {"all": ["fiches/css/trouver.css"]}
        js = [forms.Script("candidatures/position.js", type="module")]

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["widget"] |= {
            "geocodeur": bool(geocoder_url()),
            "tuiles": getattr(settings, "RALLYNOV_TILES_URL", ""),
            "attribution": getattr(settings, "RALLYNOV_TILES_ATTRIBUTION", ""),
        }
        return context
