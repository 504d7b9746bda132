"""Preview modes of a fiche: its page, and those that other packages register, such as paper and the embed."""

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _


class Shape(NamedTuple):
    """A preview mode. ``show(fiche, request)`` returns the response that the preview shows; ``fiche`` may be unsaved."""

    label: str
    show: Callable


SHAPES: dict[str, Shape] = {}


def register_shape(name: str, label: Any, show: Callable[..., Any]) -> None:
    """Adds a preview mode ``name``; see :class:`Shape`. Called from ``AppConfig.ready()``."""
    SHAPES[name] = Shape(label, allow_inline_styles(show))


def allow_inline_styles(show: Callable[..., Any]) -> Callable[..., Any]:
    """Allows inline styles and ``data:`` pictures in the response, which mails and paper use and a site's Content Security Policy
    (django-csp) would block. The rule for scripts is unchanged."""
    if find_spec("csp"):
        from csp.decorators import csp_update

        return csp_update({"style-src": ["'unsafe-inline'"], "img-src": ["data:"]})(show)
    return show


class PreviewedPage:
    """Mixin of a page that can be previewed in each registered mode; the page itself is the default."""

    @property
    def preview_modes(self) -> Any:
        return [("", _("Page")), *((name, shape.label) for name, shape in SHAPES.items())]

    def serve_preview(self, request: HttpRequest, mode_name: Any) -> HttpResponse:
        shape = SHAPES.get(mode_name)
        return shape.show(self, request) if shape else super().serve_preview(request, mode_name)
