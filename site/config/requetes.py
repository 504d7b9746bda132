"""Answers 400 instead of 500 to malformed requests to the admin (missing or forged fields) that Wagtail fails on.

Only failures in Wagtail's own code at known places are converted, and logged; any other exception stays a 500. See
docs/decisions/0017.
"""

import logging
from collections.abc import Callable
from json import JSONDecodeError
from traceback import walk_tb

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.datastructures import MultiValueDictKeyError
from wagtail.models import Page

logger = logging.getLogger(__name__)

LIBRARIES = {"modelcluster", "wagtail"}
Place = tuple[str, str]
# (module, function) where Wagtail reads a field without checking it, and the exceptions raised there.
MISREAD: dict[Place, tuple[type[Exception], ...]] = {
    # a link without its address
    ("wagtail.admin.forms.choosers", "is_absolute_path"): (AttributeError,),
    # a number of blocks that is not a number
    ("wagtail.blocks.list_block", "value_from_datadict"): (ValueError,),
    ("wagtail.blocks.stream_block", "value_from_datadict"): (ValueError,),
    # a rich text that is not the editor's JSON
    ("wagtail.admin.rich_text.converters.contentstate", "to_database_format"): (JSONDecodeError,),
    # a record to create in a chooser that has no creation form
    ("wagtail.admin.views.generic.chooser", "post"): (AttributeError,),
    # the pk of a chosen object, which is not a number
    ("wagtail.admin.views.pages.copy", "post"): (ValueError,),
    ("wagtail.admin.widgets.chooser", "get_instance"): (ValueError,),
    # a formset's row whose pk is not a number
    ("modelcluster.forms", "_construct_form"): (ValidationError,),
    # an import whose signed fields are missing (KeyError) or forged (AttributeError in Wagtail's handling of the error)
    ("wagtail.contrib.redirects.forms", "clean"): (AttributeError, KeyError),
    # the same fields, swapped
    ("wagtail.contrib.redirects.views", "process_import"): (ValueError,),
    # an import confirmed twice: its file was deleted the first time
    ("wagtail.contrib.redirects.tmp_storages", "open"): (FileNotFoundError,),
}

# Views that act on a page within its parent. Wagtail does not offer them for the root of the tree, and fails on it.
NEEDS_PARENT = {
    "wagtailadmin_pages:lock",
    "wagtailadmin_pages:move_confirm",
    "wagtailadmin_pages:set_page_position",
    "wagtailadmin_pages:unlock",
}

# Maximum number of digits of a position among siblings; with more, the database's integers overflow.
MAX_DIGITS = 9


class MisreadRequestMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> HttpResponse | None:
        match = request.resolver_match
        if request.method != "POST" or not match or match.view_name not in NEEDS_PARENT:
            return None
        if len(request.GET.get("position", "")) > MAX_DIGITS:
            return _bad_request()
        page = kwargs.get("page_id") or kwargs.get("page_to_move_id")
        return _bad_request() if Page.objects.filter(pk=page, depth=1).exists() else None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not request.path_info.startswith(settings.RALLYNOV_ADMIN_PREFIXES) or not is_misread(error):
            return None
        logger.warning("A request that no form sends: Wagtail could not read it", exc_info=error)
        return _bad_request()


def is_misread(error: Exception) -> bool:
    """Whether Wagtail's own code failed on a field of the request, at a known place."""
    module, function = _place(error)
    if isinstance(error, MultiValueDictKeyError):
        return module.partition(".")[0] in LIBRARIES
    return isinstance(error, MISREAD.get((module, function), ()))


def _place(error: Exception) -> Place:
    """The innermost ``(module, function)`` of the traceback, Django's and json's frames left out."""
    for frame, _line in reversed([*walk_tb(error.__traceback__)]):
        module = str(frame.f_globals.get("__name__", ""))
        if module.partition(".")[0] not in {"django", "json"}:
            return module, frame.f_code.co_name
    return "", ""


def _bad_request() -> HttpResponse:
    return render(None, "400.html", status=400)
