"""`/candidature/`: what it is for, and a link by mail."""

from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from fiches.candidatures.invitation import ask_for_link, normal
from fiches.candidatures.models import Appel
from fiches.candidatures.ouverture import once_open
from fiches.candidatures.vie_privee import dossier_notice
from fiches.forms import throttle
from fiches.forms.public_form import CourrielField, PublicForm, too_many

PER_ADDRESS = 5
"""Links an hour."""


class LinkForm(PublicForm):
    courriel = CourrielField(label=_("Your e-mail"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@once_open
def start(request):
    """The page says the same whether the address is known or not."""
    form = LinkForm.for_request(request, what="lien")
    if form.is_bound:
        if form.is_over:
            return too_many(request)
        if form.is_trapped:
            return redirect("candidature_lien_envoye")
        if form.is_valid():
            courriel = normal(form.cleaned_data["courriel"])
            if throttle.count(request, "lien-adresse", who=courriel) <= PER_ADDRESS:
                ask_for_link(courriel=courriel, appel=Appel.objects.current())
            return redirect("candidature_lien_envoye")
        form.prepare_retry()
    context = {"form": form, **_call(), "notice": dossier_notice(request)}
    return render(request, "candidatures/accueil.html", context)


def _call():
    """The open call, else the next one, else the last one."""
    current = Appel.objects.current()
    others = Appel.objects.closed().order_by("-cloture")
    return {"appel": current, "autre_appel": None if current else others.first()}


@never_cache
@require_safe
def sent(request):
    return render(request, "candidatures/lien_envoye.html")
