"""The form field of a commune: a text field that understands names, postcodes and INSEE codes, and suggests with JavaScript."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm

from fiches.models.territoire import Commune
from fiches.territoire.gazetteer import resolve_commune

# An INSEE code: Corsica's begin with 2A or 2B.
CODE = re.compile("[0-9][0-9AB][0-9]{3}")


def describe(commune: Commune) -> str:
    """Returns a commune's name, codes, département and whether its centre is known, in one line."""
    position = _("centre of the commune known") if commune.est_situee else _("position unknown")
    codes = ", ".join(commune.codes_postaux)
    text = _("%(name)s: INSEE code %(code)s, postcode %(codes)s, %(departement)s, %(position)s")
    return text % {
        "name": commune.nom,
        "code": commune.code_insee,
        "codes": codes,
        "departement": commune.get_departement_display(),
        "position": position,
    }


class CommuneInput(forms.TextInput):
    """A text input whose custom element suggests communes during typing."""

    template_name = "fiches/widgets/commune.html"

    class Media:
        css = {"all": ["fiches/suggestion-combobox.css"]}
        js = [forms.Script("fiches/suggestion-combobox.js", type="module")]

    def get_context(self, name: Any, value: Any, attrs: Any) -> Any:
        context = super().get_context(name, value, {"autocomplete": "off", **(attrs or {})})
        is_refused = "aria-invalid" in context["widget"]["attrs"]
        understood = "" if is_refused else self.interpretation(value)
        context["widget"].update(source=reverse("communes"), understood=understood)
        return context

    def interpretation(self, value: str | None) -> str:
        """Returns the description of the commune that ``value`` names, or why it names none."""
        try:
            return describe(resolve_commune(value)) if value else ""
        except ValidationError as error:
            return " ".join(error.messages)


class CommuneField(forms.Field):
    """Converts a name, « 25330 Flagey », « Flagey (25330) » or a code to a Commune; the typed text is shown again on error."""

    widget = CommuneInput
    default_error_messages = {"required": gettext_lazy("Write the name of a commune.")}

    def to_python(self, value: "str | Commune | None") -> Commune | None:
        if isinstance(value, Commune):
            return value
        return resolve_commune(value) if value and value.strip() else None

    def prepare_value(self, value: str | None) -> str | None:
        if isinstance(value, Commune):
            return str(value)
        commune = Commune.objects.filter(pk=value).first() if isinstance(value, str) and CODE.fullmatch(value) else None
        return str(commune) if commune else value

    def has_changed(self, initial: str | None, data: str | None) -> bool:
        return (self.prepare_value(initial) or "") != (data or "")


class LocalisationFormMixin(WagtailAdminModelForm):
    """For the forms of a Localisable: the commune is a text field rather than a list of choices."""

    commune = CommuneField(label=gettext_lazy("Commune"), required=False)
