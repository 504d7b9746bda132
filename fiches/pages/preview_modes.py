"""Preview modes of a fiche: its card in a list, its window on the map."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from fiches.models import FichePage
from fiches.models.previews import register_shape


def show_in(template: str) -> Callable[[FichePage, HttpRequest], HttpResponse]:
    """Returns a view that renders ``template`` for a fiche, inside a preview page."""

    def show(fiche: FichePage, request: HttpRequest) -> HttpResponse:
        return render(request, "fiches/redaction/apercu.html", {"fiche": fiche, "gabarit": template})

    return show


def register_own_shapes() -> None:
    """Registers these preview modes. Called once, when Django starts."""
    register_shape("carte", _("Card of a list"), show_in("fiches/_card.html"))
    register_shape("infobulle", _("Window of the map"), show_in("fiches/_apercu.html"))
