"""How another room adds an address under one of our pages (STYLE: the arrow of imports points one way)."""

from django.http import Http404
from django.utils import timezone
from wagtail import hooks
from wagtail.contrib.routable_page.models import RoutablePageMixin, path

from fiches import langues
from fiches.models.querysets import KnownRestriction


def add_route(page_class, route, view, *, name):
    """Serve ``view(page, request, **kwargs)`` at ``route`` (such as ``"fiche.pdf"``) below each ``page_class``.

    Called from ``AppConfig.ready()``, so that an index page's addresses follow wherever a host puts the page.
    """
    setattr(page_class, f"route_{name}", path(f"{route}/", name=name)(view))


class AddressablePage(RoutablePageMixin):
    """A page whose addresses can be added to, and that is gone at the minute it expires."""

    def route(self, request, path_components):
        if self.expire_at and self.expire_at <= timezone.now():
            raise Http404
        langues.read_with(self)
        return super().route(request, path_components)

    def serve_preview(self, request, mode_name):
        """On a separate front end, where a hook ``preview_elsewhere(page, request)`` gives an answer."""
        answers = (answer(self, request) for answer in hooks.get_hooks("preview_elsewhere"))
        return next(filter(None, answers), None) or super().serve_preview(request, mode_name)


class ChildrenInOneQuery(KnownRestriction):
    """Finds the child that an address names with all that its page shows, where Wagtail reads it twice and bare.

    Stands between :class:`AddressablePage` and ``Page``.
    """

    def child_named(self, slug):
        """The child, ready to be served, or ``None``."""
        raise NotImplementedError

    def route(self, request, path_components):
        if not path_components:
            return super().route(request, path_components)
        child = self.child_named(path_components[0])
        if child is None:
            raise Http404
        child._cached_parent_obj = self
        return child.route(request, path_components[1:])
