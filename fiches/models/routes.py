"""Routes and previews of our pages, to which other packages can add theirs without being imported here."""

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.contrib.routable_page.models import RoutablePageMixin, path

from fiches import content_language, content_site


def add_route(page_class: type, route: str, view: Callable[..., Any], *, name: str) -> None:
    """Serves ``view(page, request, **kwargs)`` at ``route`` (such as ``"fiche.pdf"``) below each page of ``page_class``.

    Called from ``AppConfig.ready()``.
    """
    setattr(page_class, f"route_{name}", path(f"{route}/", name=name)(view))


class AddressablePage(RoutablePageMixin):
    """Mixin of a page with routes (:func:`add_route`). It answers 404 from the moment it expires, even if the scheduler is
    late. What other packages show on it they add by the hooks ``context_hook(page, request)``, which return a dict."""

    context_hook = ""

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        for add_to_context in hooks.get_hooks(self.context_hook):
            context.update(add_to_context(self, request))
        return context

    def route(self, request: HttpRequest, path_components: list[str]) -> Any:
        if self.expire_at and self.expire_at <= timezone.now():
            raise Http404
        content_language.activate_for(self)
        return super().route(request, path_components)

    def serve_preview(self, request: HttpRequest, mode_name: str | None) -> HttpResponse:
        """Serves the response of a hook ``preview_elsewhere(page, request)`` (separate front end) if one returns any."""
        content_site.activate_for(self)
        answers = (answer(self, request) for answer in hooks.get_hooks("preview_elsewhere"))
        return next(filter(None, answers), None) or super().serve_preview(request, mode_name)


# The preview modes of fiches beside their page, ``{name: (label, show)}``: ``show(fiche, request)`` returns the response that the preview
# shows; ``fiche`` may be unsaved. Other packages add theirs in ``AppConfig.ready()``.
SHAPES: dict[str, tuple[Any, Callable[..., HttpResponse]]] = {}


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
        return [("", _("Page")), *((name, label) for name, (label, _show) in SHAPES.items())]

    def serve_preview(self, request: HttpRequest, mode_name: Any) -> HttpResponse:
        if mode_name in SHAPES:
            return SHAPES[mode_name][1](self, request)
        return super().serve_preview(request, mode_name)
