"""Routes of our pages, to which other packages can add theirs without being imported here."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
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
    late."""

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
