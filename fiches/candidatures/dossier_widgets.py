"""Widgets of the two answers that a web service can fill in: the SIRET, and the position on the map."""

from typing import Any

from django import forms

from fiches.forms.company_directory import directory_url
from fiches.territoire.geocoding import geocoder_url
from fiches.territoire.map_widget import PositionInput


class SiretInput(forms.TextInput):
    """A text input with a button that fills the form in from the company directory, if the operator configured one."""

    template_name = "candidatures/widgets/siret.html"

    def get_context(self, name: Any, value: Any, attrs: Any) -> Any:
        context = super().get_context(name, value, {"inputmode": "numeric", **(attrs or {})})
        context["widget"]["annuaire"] = bool(directory_url())
        return context


class DossierPositionInput(PositionInput):
    """The input of the position, with a button that geocodes the address if the operator configured a geocoder."""

    def get_context(self, name: Any, value: Any, attrs: Any) -> Any:
        context = super().get_context(name, value, attrs)
        context["widget"]["geocodeur"] = bool(geocoder_url())
        return context
