"""A form that anybody may send: a machine betrays itself in it, and a source that insists has to work or to wait."""

from typing import Any, Self

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from fiches.forms import proof_of_work, throttle

PROVED = 8
# Requests an hour.
PER_SOURCE = 20
# Fields that a page fills in by itself.
OURS = {"csrfmiddlewaretoken", "defi", "depart", "revision", "suite"}


class CourrielField(forms.EmailField):
    """An e-mail, whose form is told beforehand and where what was typed is none (RGAA 11.10 and 11.11)."""

    default_error_messages = {"invalid": _("Write an address such as name@example.org.")}

    def __init__(self, *, autocomplete: str = "email", help_text: str | Promise = "", **kwargs: Any) -> None:
        told = (
            format_lazy("{} {}", _("Example: name@example.org"), help_text)
            if help_text
            else _("Example: name@example.org")
        )
        widget = forms.TextInput(attrs={"autocomplete": autocomplete, "inputmode": "email"})
        super().__init__(widget=widget, help_text=told, **{"max_length": 254, **kwargs})


class SiteRenderer(DjangoTemplates):
    """Draws ``{{ field.as_field_group }}``. Named by the forms rather than by FORM_RENDERER: a site that installs the
    plugin keeps its own setting, and the admin's forms are left alone."""

    field_template_name = "fiches/forms/field.html"


class SiteForm(forms.Form):
    """A form of the public pages. Its template includes ``fiches/forms/errors.html`` above the fields, and draws each
    field with ``{{ field.as_field_group }}``. ``reasons`` of a field are corrections that the team asks for."""

    default_renderer = SiteRenderer
    use_required_attribute = False


class PublicForm(SiteForm):
    """A form with a field that nobody sees, and a time that nobody beats. Its template includes ``fiches/_piege.html``."""

    suite = forms.CharField(required=False, label=_("Leave this field empty"))
    depart = forms.CharField(required=False, widget=forms.HiddenInput)
    times = 0

    @classmethod
    def of(cls, request: HttpRequest, *, what: str, **kwargs: Any) -> Self:
        """The form of a request: empty, or bound and counted under ``what``."""
        if request.method != "POST":
            initial = {"depart": throttle.start_mark(), **kwargs.pop("initial", {})}
            return cls(initial=initial, **kwargs)
        form = cls(request.POST, **kwargs)
        form.times = throttle.count(request, what)
        return form

    @property
    def is_over(self) -> bool:
        """The source sent more than PER_SOURCE within the hour: :func:`too_many` answers."""
        return self.times > PER_SOURCE

    @property
    def is_trapped(self) -> bool:
        """A machine filled in what nobody sees: answer as if all were well, and keep nothing."""
        return bool(self.data.get("suite"))

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        if not self.errors and throttle.is_hasty(cleaned.get("depart")):
            raise ValidationError(_("That was very quick. Check what you typed, then send it again."), code="hasty")
        if self.asks_for_proof and not proof_of_work.is_proved(self.data.get("defi"), self.data.get("reponse")):
            message = _("Many requests come from your network: wait until the check below is done, then send again.")
            raise ValidationError(message, code="proof")
        return cleaned

    @property
    def asks_for_proof(self) -> bool:
        """From the PROVED-th time within an hour, the source's machine works before each request."""
        return self.times > PROVED

    def renewed(self) -> Self:
        """The same form, what was typed kept: who took the time to fill it in need not wait to correct it."""
        assert isinstance(self.data, QueryDict)
        data = self.data.copy()
        if throttle.is_hasty(data.get("depart")):
            data["depart"] = throttle.start_mark()
        self.data = data
        if self.asks_for_proof:
            self.defi, self.bits = proof_of_work.challenge(), proof_of_work.BITS
        return self


def typed_text(request: HttpRequest) -> dict[str, str]:
    """``{field: text}`` of what a person typed in a form that isn't taken, to be shown and copied."""
    return {
        name: value
        for name, values in request.POST.lists()
        for value in [", ".join(values).strip()]
        if value and name not in OURS and "password" not in name
    }


def too_many(request: HttpRequest) -> HttpResponse:
    """What was typed is shown: a person may send it again later."""
    response = render(request, "429.html", {"sent": typed_text(request)}, status=429)
    response["Cache-Control"] = "no-store"
    response["Retry-After"] = str(throttle.HOUR)
    return response
