"""The shapes that a fiche takes, each to be seen while it is written; rooms above add theirs."""

from collections.abc import Callable
from typing import NamedTuple

from django.shortcuts import render
from django.utils.translation import gettext_lazy as _


class Shape(NamedTuple):
    """``show(fiche, request)`` gives a response: a page that the preview frames. ``fiche`` may not be saved."""

    label: str
    show: Callable


SHAPES: dict[str, Shape] = {}


def register_shape(name, label, show):
    SHAPES[name] = Shape(label, show)


class PreviewedPage:
    """A page that can be previewed in each of its shapes; its own page is the first."""

    @property
    def preview_modes(self):
        return [("", _("Page")), *((name, shape.label) for name, shape in SHAPES.items())]

    def serve_preview(self, request, mode_name):
        shape = SHAPES.get(mode_name)
        return shape.show(self, request) if shape else super().serve_preview(request, mode_name)


def show_in(template):
    """A shape that is a template of ours, in the page that holds shapes."""

    def show(fiche, request):
        return render(request, "fiches/redaction/apercu.html", {"fiche": fiche, "gabarit": template})

    return show


register_shape("carte", _("Card of a list"), show_in("fiches/_card.html"))
register_shape("infobulle", _("Window of the map"), show_in("fiches/_apercu.html"))
