"""The site whose contents a request gets, where Wagtail has several; and the list of fiches that is served, where a site has several.

With one site that has all pages and one list, and outside requests (tasks, commands), nothing is narrowed.
"""

from collections.abc import Iterable
from contextvars import ContextVar
from functools import reduce
from operator import or_
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from django.core.exceptions import DisallowedHost
from django.core.signals import request_finished, request_started
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from wagtail.models import Page, Site

from fiches.publications.memo import memoize, memoize_each, vary_by

# Names of hosts whose site is remembered.
HOSTS = 50


Rows = TypeVar("Rows", bound=QuerySet)


class Branch(NamedTuple):
    """The pages of a site: those below ``within`` (``url_path`` of its home page in each language), and not below ``without``
    (home pages of other sites further down)."""

    within: tuple[str, ...]
    without: tuple[str, ...]


class _Here:
    """What a request shows. ``site``: a Branch; None until it is asked for, or with one site only."""

    def __init__(self, meta: dict[str, Any]) -> None:
        self.meta, self.is_read = meta, False
        self.site: Branch | None = None
        self.listed: tuple[str, ...] = ()


_of_request: ContextVar[_Here | None] = ContextVar("site_of_contents", default=None)


def _begin(environ: dict[str, Any] | None = None, scope: dict[str, Any] | None = None, **kwargs: Any) -> None:
    _of_request.set(_Here(environ or _meta_of(scope or {})))


def _meta_of(scope: dict[str, Any]) -> dict[str, Any]:
    """What an ASGI request says of its host."""
    headers = {name.decode("latin1"): value.decode("latin1") for name, value in scope.get("headers", ())}
    name, port = scope.get("server") or ("", 80)
    given = {f"HTTP_{key.upper().replace('-', '_')}": value for key, value in headers.items()}
    return {"SERVER_NAME": name, "SERVER_PORT": str(port), **given}


def _end(**kwargs: Any) -> None:
    _of_request.set(None)


def _site() -> Branch | None:
    here = _of_request.get()
    if here is None:
        return None
    if not here.is_read:
        here.is_read = True  # first: what is memoised below asks for the site
        here.site = _find(here.meta)
    return here.site


def _find(meta: dict[str, Any]) -> Branch | None:
    roots, is_whole = memoize("site_roots", _read_roots)
    if is_whole:
        return None
    request = HttpRequest()
    request.META = meta
    try:
        host = (request.get_host(), request.get_port())
    except DisallowedHost:
        return None  # Django refuses the request
    site = memoize_each("site_of_host", host, lambda: Site.find_for_request(request), most=HOSTS)
    return _branch([root.root_path for root in roots if site and root.site_id == site.pk], roots)


def _read_roots() -> tuple[list[Any], bool]:
    """``(sites' root paths, whether they are those of one site that has all pages)``. A page may be below no site's home page: that of
    a site that was deleted, or is not made yet."""
    roots = Site.get_site_root_paths()
    others = Page.objects.filter(depth=2, live=True).not_exact_type(Page)
    is_alone = len({root.site_id for root in roots}) < 2
    return roots, is_alone and not others.exclude(url_path__in=[root.root_path for root in roots]).exists()


def _branch(within: list[str], roots: Iterable[Any]) -> Branch | None:
    others = {root.root_path for root in roots} - {*within}
    below = {other for other in others if any(other.startswith(own) for own in within)}
    return Branch(tuple(sorted(within)), tuple(sorted(below))) if within else None


def has_several() -> bool:
    """Whether the request is for one of several sites, or for one of several lists of fiches."""
    return bool(_what_is_shown())


def narrow(rows: Rows, *, also: Q | None = None) -> Rows:
    """``rows`` (with a column ``url_path``) below the home page of the site that the request is for.

    :param also: a condition on other rows to keep.
    """
    site = _site()
    if site is None:
        return rows
    mine = reduce(or_, (Q(url_path__startswith=root) for root in site.within))
    for root in site.without:
        mine &= ~Q(url_path__startswith=root)
    return rows.filter(mine | also if also is not None else mine)


def narrow_to_list(rows: Rows) -> Rows:
    """``rows`` (with a column ``url_path``) below the list of fiches that is served, or its translations, where a site has several
    lists."""
    here = _of_request.get()
    if here is None or not here.listed:
        return rows
    return rows.filter(reduce(or_, (Q(url_path__startswith=path) for path in here.listed)))


def activate_list(index: Page) -> None:
    """Makes ``index``, a list of fiches that is being served, the active one until the end of the request, if there are others."""
    here = _of_request.get()
    if here is not None:
        lists = memoize("lists_of_fiches", lambda: _paths_of(type(index)))
        here.listed = tuple(lists.get(index.translation_key, [index.url_path])) if len(lists) > 1 else ()


def _paths_of(model: type[Page]) -> dict[UUID, list[str]]:
    """``{translation key: url paths}`` of the pages of ``model`` and their translations."""
    paths: dict[UUID, list[str]] = {}
    for key, path in sorted(model.objects.order_by().values_list("translation_key", "url_path")):
        paths.setdefault(key, []).append(path)
    return paths


def activate_for(page: Page) -> None:
    """Makes the site of ``page``, which the administration previews, the active one until the end of the request."""
    here, roots = _of_request.get(), Site.get_site_root_paths()
    if here is not None and len({root.site_id for root in roots}) > 1:
        above = [root for root in roots if page.url_path.startswith(root.root_path)]
        own = max(above, key=lambda root: len(root.root_path), default=None)
        here.is_read = True
        here.site = _branch([root.root_path for root in roots if own and root.site_id == own.site_id], roots)


def _what_is_shown() -> tuple[Any, ...]:
    site, here = _site(), _of_request.get()
    listed = here.listed if here else ()
    return (site, listed) if site or listed else ()


def connect() -> None:
    """Called once, when Django starts."""
    request_started.connect(_begin, dispatch_uid="site_of_contents_begin")
    request_finished.connect(_end, dispatch_uid="site_of_contents_end")
    vary_by(_what_is_shown)
