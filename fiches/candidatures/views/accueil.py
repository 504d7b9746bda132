"""`/candidature/`: what it is for, and a link by mail."""

from django import forms
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from fiches.candidatures import limites, preuve
from fiches.candidatures.formulaires import ETAPES
from fiches.candidatures.invitation import ask_for_link, normal
from fiches.candidatures.models import Appel

PROVED = 8
PER_SOURCE = 20
PER_ADDRESS = 5
"""Requests an hour."""


class PublicForm(forms.Form):
    """A form that a machine betrays itself in: a field that nobody sees, and a time that nobody beats."""

    use_required_attribute = False
    suite = forms.CharField(required=False, label=_("Leave this field empty"))
    depart = forms.CharField(required=False, widget=forms.HiddenInput)
    asks_for_proof = False

    def ask_for_proof(self, times):
        """From the PROVED-th time within an hour, the source's machine works before each request."""
        self.asks_for_proof = times > PROVED

    def clean(self):
        cleaned = super().clean()
        if limites.is_hasty(cleaned.get("depart")):
            raise ValidationError(_("That was very quick. Check what you typed, then send it again."), code="hasty")
        if self.asks_for_proof and not preuve.is_proved(self.data.get("defi"), self.data.get("reponse")):
            message = _("Many requests come from your network: wait until the check below is done, then send again.")
            raise ValidationError(message, code="proof")
        return cleaned

    @property
    def is_trapped(self):
        return bool(self.data.get("suite"))

    def renewed(self):
        """The same form with a new time, what was typed kept."""
        self.data = self.data.copy()
        self.data["depart"] = limites.start_mark()
        if self.asks_for_proof:
            self.defi, self.bits = preuve.challenge(), preuve.BITS
        return self


class LinkForm(PublicForm):
    courriel = forms.EmailField(
        label=_("Your e-mail"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start(request):
    """The page says the same whether the address is known or not."""
    form = LinkForm(request.POST) if request.method == "POST" else LinkForm(initial={"depart": limites.start_mark()})
    if request.method == "POST":
        times = limites.count(request, "lien")
        if times > PER_SOURCE:
            return too_many(request)
        form.ask_for_proof(times)
        if form.is_trapped:
            return redirect("candidature_lien_envoye")
        if form.is_valid():
            courriel = normal(form.cleaned_data["courriel"])
            if limites.count(request, "lien-adresse", who=courriel) <= PER_ADDRESS:
                ask_for_link(courriel=courriel, appel=Appel.objects.current())
            return redirect("candidature_lien_envoye")
        form.renewed()
    return render(request, "candidatures/accueil.html", {"form": form, **_call(), "etapes": ETAPES})


def _call():
    """The open call, else the next one, else the last one."""
    current = Appel.objects.current()
    others = Appel.objects.closed().order_by("-cloture")
    return {"appel": current, "autre_appel": None if current else others.first()}


def too_many(request):
    response = render(request, "429.html", status=429)
    response["Retry-After"] = str(limites.HOUR)
    return response


@never_cache
@require_safe
def sent(request):
    return render(request, "candidatures/lien_envoye.html")
