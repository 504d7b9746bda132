"""Routes of our pages, to which other packages can add theirs without being imported here."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.apps import apps
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.utils import timezone
from wagtail import hooks
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.models import Page
from wagtail.url_routing import RouteResult

from fiches import content_language, content_site
from fiches.models.publications import Publication
from fiches.models.querysets import KnownRestriction


def add_route(page_class: type, route: str, view: Callable[..., Any], *, name: str) -> None:
    """Serves ``view(page, request, **kwargs)`` at ``route`` (such as ``"fiche.pdf"``) below each page of ``page_class``.

    Called from ``AppConfig.ready()``.
    """
    setattr(page_class, f"route_{name}", path(f"{route}/", name=name)(view))


def addresses(paths: Iterable[str], request: HttpRequest) -> Iterator[str | None]:
    """Yields the address of each page, for its path in the tree (``url_path``). No page is read."""
    page = Page()
    for url_path in paths:
        page.url_path = url_path
        yield page.get_url(request)


def _moved_to(request: HttpRequest) -> str | None:
    """The present address of a file of a public page (such as ``fiche.pdf``), asked under a former name of the page. Wagtail
    redirects the page itself only."""
    if not apps.is_installed("wagtail.contrib.redirects"):
        return None
    from wagtail.contrib.redirects.middleware import get_redirect
    from wagtail.contrib.redirects.models import Redirect

    former, _slash, file = request.get_full_path().removesuffix("/").rpartition("/")
    redirect = get_redirect(request, Redirect.normalise_path(former))
    if redirect is None or not redirect.redirect_page_id:
        return None
    row = Publication.objects.visible().exclude(url_path="").filter(object_id=redirect.redirect_page_id).first()
    address = row and next(addresses([row.url_path], request))
    return f"{address}{file}" if address else None


class AddressablePage(RoutablePageMixin):
    """Mixin of a page with routes (:func:`add_route`). It answers 404 from the moment it expires, even if the scheduler is
    late."""

    def route(self, request: HttpRequest, path_components: list[str]) -> Any:
        if self.expire_at and self.expire_at <= timezone.now():
            raise Http404
        content_language.activate_for(self)
        try:
            return super().route(request, path_components)
        except Http404:
            address = _moved_to(request) if len(path_components) == 2 else None
            if address is None:
                raise
            return RouteResult(self, (lambda request: HttpResponsePermanentRedirect(address), (), {}))

    def serve_preview(self, request: HttpRequest, mode_name: str | None) -> HttpResponse:
        """Serves the response of a hook ``preview_elsewhere(page, request)`` (separate front end) if one returns any."""
        content_site.activate_for(self)
        answers = (answer(self, request) for answer in hooks.get_hooks("preview_elsewhere"))
        return next(filter(None, answers), None) or super().serve_preview(request, mode_name)


class ChildrenInOneQuery(KnownRestriction):
    """Mixin of an index page that routes to a child in one query, with the related records that its page shows. Wagtail would
    load the child twice, without them.

    Comes between :class:`AddressablePage` and ``Page`` in the bases.
    """

    def child_named(self, slug: Any) -> None:
        """The child page with this slug, ready to be served, or None."""
        raise NotImplementedError

    def route(self, request: HttpRequest, path_components: Any) -> Any:
        if not path_components:
            return super().route(request, path_components)
        child = self.child_named(path_components[0])
        if child is None:
            raise Http404
        child._cached_parent_obj = self
        return child.route(request, path_components[1:])
