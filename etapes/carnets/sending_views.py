"""Admin screen for mailing a road book: preview, test mail, sending, progress."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from etapes.carnets import carnet_sending
from etapes.carnets.leaflet_pdf import draft_pdf
from etapes.carnets.mail_composition import compose
from etapes.carnets.models import CarnetPage
from fiches.diffusion.paper.paper_views import pdf_response

SEND = "rallynov_carnets.add_diffusion"
# Seconds after which the screen reloads itself, while copies wait.
RELOAD_AFTER = 5


class ObjetForm(forms.Form):
    objet = forms.CharField(label=gettext_lazy("Subject of the mail"), max_length=150)

    def clean_objet(self) -> str:
        return " ".join(self.cleaned_data["objet"].split())


class EssaiForm(ObjetForm):
    prefix = "essai"
    adresse = forms.EmailField(label=gettext_lazy("Address that gets the trial"))


class EnvoiForm(ObjetForm):
    prefix = "envoi"
    sur = forms.BooleanField(label=gettext_lazy("I have read the mail; it can’t be called back"), label_suffix="")


def carnet_of(request: HttpRequest, pk: int) -> CarnetPage:
    """Returns the road book.

    :raises Http404: there is none.
    :raises PermissionDenied: the user may not edit and send it.
    """
    carnet = get_object_or_404(CarnetPage, pk=pk)
    if not (request.user.has_perm(SEND) and carnet.permissions_for_user(request.user).can_edit()):
        raise PermissionDenied
    return carnet


@require_safe
@never_cache
def overview(request: HttpRequest, pk: int) -> HttpResponse:
    return _overview(request, carnet_of(request, pk))


def _overview(request: HttpRequest, carnet: CarnetPage, *, status: int = 200, **bound: Any) -> HttpResponse:
    diffusion = getattr(carnet, "diffusion", None)
    initial = {"objet": f"{carnet.title} – {carnet.date:%m/%Y}"[:150]}
    context = {
        "carnet": carnet,
        "diffusion": diffusion,
        "sans_bloc": not carnet.get_latest_revision_as_object().corps,
        "avance": carnet_sending.progress(diffusion) if diffusion else None,
        "abonnes": carnet_sending.subscribers().count(),
        "essai": EssaiForm(initial={**initial, "adresse": request.user.email}),
        "envoi": EnvoiForm(initial=initial),
        **bound,
    }
    response = render(request, "carnets/admin/envoi.html", context, status=status)
    if context["avance"] and context["avance"].attendent:
        response["Refresh"] = str(RELOAD_AFTER)
    return response


@require_safe
@never_cache
@xframe_options_sameorigin
def preview(request: HttpRequest, pk: int, forme: str) -> HttpResponse:
    """Previews the latest revision. ``forme``: the mail as ``html`` (shown in an iframe) or ``texte``, or the leaflet as ``pdf``."""
    carnet = carnet_of(request, pk).get_latest_revision_as_object()
    if forme == "pdf":
        return pdf_response(request, f"{carnet.slug}.pdf", lambda: draft_pdf(carnet))
    html, texte = compose(carnet)
    if forme == "html":
        response = HttpResponse(html)
        images = f"'self' {carnet.get_site().root_url}"  # the admin may be on another host
        response["Content-Security-Policy"] = (
            f"default-src 'none'; img-src {images}; style-src 'unsafe-inline'; sandbox"
        )
        return response
    return HttpResponse(texte, content_type="text/plain; charset=utf-8")


@require_POST
def send_test(request: Any, pk: int) -> Any:
    """Sends a test mail to the address that is typed."""
    carnet, form = carnet_of(request, pk), EssaiForm(request.POST)
    if not form.is_valid():
        return _overview(request, carnet, status=422, essai=form)
    objet, address = form.cleaned_data["objet"], form.cleaned_data["adresse"]
    carnet_sending.send_test(carnet, objet=objet, to=address)
    messages.success(request, _("A trial is on its way to %(address)s.") % {"address": address})
    return redirect("carnets_envoi", pk)


@require_POST
def send(request: Any, pk: int) -> HttpResponse:
    carnet, form = carnet_of(request, pk), EnvoiForm(request.POST)
    if form.is_valid():
        try:
            carnet_sending.launch(carnet, objet=form.cleaned_data["objet"], by=request.user)
        except carnet_sending.SendingRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("It is leaving. You may close this page: it goes on by itself."))
            return redirect("carnets_envoi", pk)
    return _overview(request, carnet, status=422, envoi=form)


urlpatterns = [
    path("carnets/<int:pk>/envoi/", overview, name="carnets_envoi"),
    path("carnets/<int:pk>/envoi/apercu/<str:forme>/", preview, name="carnets_apercu"),
    path("carnets/<int:pk>/envoi/essai/", send_test, name="carnets_essai"),
    path("carnets/<int:pk>/envoi/lancer/", send, name="carnets_lancer"),
]
