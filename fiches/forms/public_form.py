"""Base class of the public forms, with honeypot, minimum time and hourly limit per client; their privacy notice (article 13 of the
GDPR)."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, Self

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from fiches.forms import throttle
from fiches.models.rich_text import INVISIBLE

Words = str | Promise


class PrivacyNotice(NamedTuple):
    """The parts of the notice that depend on the form; each attribute is a text for the public.

    The form's template includes ``fiches/_vos_donnees.html`` ``with notice=…``, which adds the controller, the rights and how to
    complain.
    """

    purpose: Words
    kept_for: Words
    recipients: Words = _("the rally’s team")
    legal_basis: Words = _("your consent (article 6.1.a of the GDPR), which you can take back at any time")


# Requests of one client in an hour, those with errors included; the others are refused.
PER_SOURCE = 20
# Fields that the visitor doesn't fill in.
TECHNICAL_FIELDS = {"csrfmiddlewaretoken", "depart", "revision", "suite"}


class CourrielField(forms.EmailField):
    """An e-mail field whose help text and error message give an example of the expected format (RGAA 11.10 and 11.11)."""

    default_error_messages = {"invalid": _("Write an address such as name@example.org.")}

    def __init__(self, *, autocomplete: str = "email", help_text: str | Promise = "", **kwargs: Any) -> None:
        with_example = (
            format_lazy("{} {}", help_text, _("Example: name@example.org"))
            if help_text
            else _("Example: name@example.org")
        )
        widget = forms.TextInput(attrs={"autocomplete": autocomplete, "inputmode": "email"})
        super().__init__(widget=widget, help_text=with_example, **{"max_length": 254, **kwargs})


class SiteRenderer(DjangoTemplates):
    """Renders ``{{ field.as_field_group }}`` with the site's field template.

    Set on the forms rather than by FORM_RENDERER, so that it changes neither the host's forms nor the admin's.
    """

    field_template_name = "fiches/forms/field.html"


class SiteForm(forms.Form):
    """A form of the public pages.

    Its template includes ``fiches/forms/errors.html`` above the fields, and renders each with ``{{ field.as_field_group }}``. A
    field's ``reasons`` are the corrections that the team asks for.
    """

    default_renderer = SiteRenderer
    use_required_attribute = False


class PublicForm(SiteForm):
    """A form with a honeypot field (``suite``) and a signed start time (``depart``), for anonymous visitors.

    Its template includes ``fiches/_piege.html``.
    """

    suite = forms.CharField(required=False, label=_("Leave this field empty"))
    depart = forms.CharField(required=False, widget=forms.HiddenInput)
    # The name under which the throttle counts it.
    what = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():  # a browser cuts a long paste without a word; the server says it
            field.widget.attrs.pop("maxlength", None)

    @classmethod
    def for_request(cls, request: HttpRequest, *, what: str, **kwargs: Any) -> Self:
        """Returns the form of a request: unbound for GET; for POST bound, and counted in the throttle under ``what`` if it is valid."""
        if request.method != "POST":
            initial = {"depart": throttle.start_mark(), **kwargs.pop("initial", {})}
            return cls(initial=initial, **kwargs)
        form = cls(_visible_text(request.POST), request.FILES, **kwargs)
        form.what = what
        return form

    @property
    def is_trapped(self) -> bool:
        """Whether the honeypot is filled in, by a robot or by a browser that fills in forms; nothing is then saved."""
        return bool(self.data.get("suite"))

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        if self.is_trapped:
            message = _(
                "A hidden field was filled in, perhaps by your browser. It is empty again: check your answers, then send again. "
                "Nothing that you typed is lost."
            )
            self.add_error(None, ValidationError(message, code="trapped"))
        if not self.errors and throttle.is_hasty(cleaned.get("depart")):
            message = _(
                "It was sent as fast as a robot would. Wait a few seconds, then send again. Nothing that you typed is lost."
            )
            raise ValidationError(message, code="hasty")
        return cleaned

    @property
    def is_delayed(self) -> bool:
        """Whether the answers are right, and the form is only to be sent again (too fast, or trapped)."""
        codes = {error.code for errors in self.errors.as_data().values() for error in errors}
        return bool(codes) and codes <= {"hasty", "trapped"}

    def answer(
        self, request: HttpRequest, act: Callable[[dict[str, Any]], HttpResponse | None], *, then: str
    ) -> HttpResponse | None:
        """The response to the form that was sent; None if it is to be shown, or shown again with its errors. A client that sends more than
        PER_SOURCE valid ones in the hour is answered :func:`too_many`.

        :param act: ``act(cleaned_data)`` is called for a valid form; it may return a response of its own.
        :param then: where the sender is redirected to (an address or a URL name).
        """
        if not self.is_bound:
            return None
        if self.is_valid():
            if throttle.count(request, self.what) > PER_SOURCE:
                return too_many(request)
            return act(self.cleaned_data) or redirect(then)
        self.prepare_retry()
        return None

    def prepare_retry(self) -> Self:
        """Restarts the minimum time of a refused form if it was sent too fast, and returns the form to be shown again."""
        assert isinstance(self.data, QueryDict)
        data = self.data.copy()
        if throttle.is_hasty(data.get("depart")):
            data["depart"] = throttle.start_mark()
        self.data = data
        return self


def _visible_text(typed: QueryDict) -> QueryDict:
    """Returns a copy of what was sent without the characters that nobody sees: those that turn the direction of a name among them."""
    data = typed.copy()
    for name, values in typed.lists():
        data.setlist(name, [INVISIBLE.sub("", value) for value in values])
    return data


def typed_text(request: HttpRequest) -> dict[str, str]:
    """Returns ``{field: text}`` typed in a refused form, without passwords, so that the person can copy it."""
    return {
        name: value
        for name, values in request.POST.lists()
        for value in [", ".join(values).strip()]
        if value and name not in TECHNICAL_FIELDS and "password" not in name
    }


def too_many(request: HttpRequest, *, period: int = throttle.HOUR) -> HttpResponse:
    """Returns the 429 response, which shows what was typed so that it can be sent again later.

    :param period: seconds within which the counter restarts: an hour or a day.
    """
    context = {"sent": typed_text(request), "is_tomorrow": period > throttle.HOUR}
    response = render(request, "429.html", context, status=429)
    response["Cache-Control"] = "no-store"
    response["Retry-After"] = str(period)
    return response


def give_back(request: HttpRequest, texts: Iterable[str]) -> None:
    """Adds a message with what was typed in a form that was refused and that the next page doesn't show, to be copied.

    :param texts: what was typed in each field; blank ones are left out.
    """
    for text in filter(None, (text.strip() for text in texts)):
        messages.warning(request, _("What you typed was not sent. Copy it if you need it: “%(text)s”") % {"text": text})
