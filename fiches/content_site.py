"""The site whose contents a request gets, where Wagtail has several. With one site, and outside requests (tasks, commands), nothing is
narrowed."""

from contextvars import ContextVar
from functools import reduce
from operator import or_
from typing import Any, TypeVar

from django.core.exceptions import DisallowedHost
from django.core.signals import request_finished, request_started
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from wagtail.models import Page, Site

Rows = TypeVar("Rows", bound=QuerySet)

# The paths (``url_path``) of the home page of the site, one a language; None outside requests, and until they are asked for.
_homes: ContextVar[tuple[str, ...] | None] = ContextVar("homes_of_site", default=None)
_request: ContextVar[HttpRequest | None] = ContextVar("request_of_site", default=None)


def _begin(environ: dict[str, Any] | None = None, **kwargs: Any) -> None:
    request = HttpRequest()
    request.META = environ or {}
    _request.set(request)
    _homes.set(None)


def _end(**kwargs: Any) -> None:
    _request.set(None)
    _homes.set(None)


def homes() -> tuple[str, ...]:
    """The paths (``url_path``) of the home page of the site that the request is for, in each language; empty with one site, and outside
    requests."""
    known, request = _homes.get(), _request.get()
    if known is None and request is not None:
        try:
            known = _homes_of(Site.find_for_request(request)) if _has_several() else ()
        except DisallowedHost:  # Django refuses the request
            known = ()
        _homes.set(known)
    return known or ()


def _has_several() -> bool:
    return len({root.site_id for root in Site.get_site_root_paths()}) > 1


def _homes_of(site: Site | None) -> tuple[str, ...]:
    return tuple(root.root_path for root in Site.get_site_root_paths() if site and root.site_id == site.pk)


def narrow(rows: Rows) -> Rows:
    """``rows`` (with a column ``url_path``) below the home page of the site that the request is for."""
    conditions = [Q(url_path__startswith=home) for home in homes()]
    return rows.filter(reduce(or_, conditions)) if conditions else rows


def activate_for(page: Page) -> None:
    """Makes the site of ``page``, which the administration previews, the active one until the end of the request."""
    if _has_several():
        _homes.set(_homes_of(page.get_site()))


request_started.connect(_begin, dispatch_uid="site_of_contents_begin")
request_finished.connect(_end, dispatch_uid="site_of_contents_end")
