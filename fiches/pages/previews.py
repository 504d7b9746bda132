"""The shapes of a fiche that are templates of this room: its card in a list, its window on the map."""

from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from fiches.models.previews import register_shape


def show_in(template):
    """A shape that is a template of ours, in the page that holds shapes."""

    def show(fiche, request):
        return render(request, "fiches/redaction/apercu.html", {"fiche": fiche, "gabarit": template})

    return show


def register_own_shapes() -> None:
    """Called once, when Django starts."""
    register_shape("carte", _("Card of a list"), show_in("fiches/_card.html"))
    register_shape("infobulle", _("Window of the map"), show_in("fiches/_apercu.html"))
