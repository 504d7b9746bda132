"""The shapes that a fiche takes, each to be seen while it is written; rooms above add theirs."""

from collections.abc import Callable
from importlib.util import find_spec
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _


class Shape(NamedTuple):
    """``show(fiche, request)`` gives a response: a page that the preview frames. ``fiche`` may not be saved."""

    label: str
    show: Callable


SHAPES: dict[str, Shape] = {}


def register_shape(name, label, show):
    SHAPES[name] = Shape(label, as_on_paper(show))


def as_on_paper(show):
    """Mails and paper carry their styles and pictures within; a site's strict policy, django-csp's, would blank them in the
    preview. Scripts stay as it says."""
    if find_spec("csp"):
        from csp.decorators import csp_update

        return csp_update({"style-src": ["'unsafe-inline'"], "img-src": ["data:"]})(show)
    return show


class PreviewedPage:
    """A page that can be previewed in each of its shapes; its own page is the first."""

    @property
    def preview_modes(self):
        return [("", _("Page")), *((name, shape.label) for name, shape in SHAPES.items())]

    def serve_preview(self, request, mode_name):
        shape = SHAPES.get(mode_name)
        return shape.show(self, request) if shape else super().serve_preview(request, mode_name)
