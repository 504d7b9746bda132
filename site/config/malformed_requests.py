"""Answers 400 to POST requests that none of the admin's forms sends: a field is absent, or holds what no form puts there; and to
filters of its lists with a number that no database holds. An address with such a number is a 404.

Wagtail reads some fields without checking them. The exception is logged as an error, with its traceback, as any fault is; the sender
reads that the request is incomplete or incorrect.
"""

import logging
from collections.abc import Callable
from traceback import walk_tb

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from wagtail.models import Page

logger = logging.getLogger(__name__)

LIBRARIES = {"modelcluster", "wagtail"}
# What their code raises when a field of the request is absent or malformed.
MISREAD = (AttributeError, FileNotFoundError, KeyError, ValidationError, ValueError)
# Views that act on a page below its parent, and that the admin never offers for the root page, which has none.
BESIDE_OTHERS = {
    "wagtailadmin_pages:lock",
    "wagtailadmin_pages:move_confirm",
    "wagtailadmin_pages:set_page_position",
    "wagtailadmin_pages:unlock",
}
# Digits of a position among siblings: databases count to about twice as many.
LONGEST = 9
# Digits of the largest number that a database compares with a key.
LONGEST_KEY = 18


class MisreadRequestMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> HttpResponse | None:
        match = request.resolver_match
        if any(isinstance(value, int) and len(str(value)) > LONGEST_KEY for value in kwargs.values()):
            raise Http404
        if request.path_info.startswith(settings.RALLYNOV_ADMIN_PREFIXES) and _has_no_key(request):
            return _not_understood()
        if request.method != "POST" or not match or match.view_name not in BESIDE_OTHERS:
            return None
        if len(request.GET.get("position", "")) > LONGEST:
            return _not_understood()
        page = kwargs.get("page_id") or kwargs.get("page_to_move_id")
        return _not_understood() if Page.objects.filter(pk=page, depth=1).exists() else None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        in_admin = request.path_info.startswith(settings.RALLYNOV_ADMIN_PREFIXES)
        if request.method != "POST" or not in_admin or not is_misread(error):
            return None
        logger.error("A request to the admin that Wagtail could not read", exc_info=error)
        return _not_understood()


def _has_no_key(request: HttpRequest) -> bool:
    """Whether a filter of a list, but not its words, is a number that is no key of a record: the database fails on it."""
    return any(
        value.isdecimal() and len(value) > LONGEST_KEY
        for name, values in request.GET.lists()
        if name != "q"
        for value in values
    )


def is_misread(error: Exception) -> bool:
    """True if Wagtail's or modelcluster's own code raised it: the innermost frame but Django's and the JSON reader's is theirs."""
    if not isinstance(error, MISREAD):
        return False
    modules = [str(frame.f_globals.get("__name__", "")) for frame, _line in walk_tb(error.__traceback__)]
    rooms = [module.partition(".")[0] for module in modules]
    return next((room for room in reversed(rooms) if room not in {"django", "json"}), "") in LIBRARIES


def _not_understood() -> HttpResponse:
    return render(None, "400.html", status=400)
