"""Requests to the admin that none of its forms sends: without a field, or with one that is not what the form put there.

Wagtail reads some of them without looking and fails; whoever sent one is told that it can't be read (400), the log how it
failed. Anything else that fails is a fault and stays one (500). See docs/decisions/0017.
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
# Where Wagtail reads a field without checking it, and what it raises there.
MISREAD: dict[Place, tuple[type[Exception], ...]] = {
    # a link without its address
    ("wagtail.admin.forms.choosers", "is_absolute_path"): (AttributeError,),
    # blocks of which there are "many"
    ("wagtail.blocks.list_block", "value_from_datadict"): (ValueError,),
    ("wagtail.blocks.stream_block", "value_from_datadict"): (ValueError,),
    # a text that isn't what its editor writes
    ("wagtail.admin.rich_text.converters.contentstate", "to_database_format"): (JSONDecodeError,),
    # a record to make from a chooser that offers no form for it
    ("wagtail.admin.views.generic.chooser", "post"): (AttributeError,),
    # the number of what was chosen, which is none
    ("wagtail.admin.views.pages.copy", "post"): (ValueError,),
    ("wagtail.admin.widgets.chooser", "get_instance"): (ValueError,),
    # a row whose number is none
    ("modelcluster.forms", "_construct_form"): (ValidationError,),
    # an import whose signed fields are missing (KeyError) or forged (Wagtail asks the refusal for words that it lacks)
    ("wagtail.contrib.redirects.forms", "clean"): (AttributeError, KeyError),
    # the same fields, each with the other's value
    ("wagtail.contrib.redirects.views", "process_import"): (ValueError,),
    # an import confirmed twice: its file went with the first time
    ("wagtail.contrib.redirects.tmp_storages", "open"): (FileNotFoundError,),
}

# What is done to a page in its parent, and never offered for the root of the tree, which has none.
BESIDE_OTHERS = {
    "wagtailadmin_pages:lock",
    "wagtailadmin_pages:move_confirm",
    "wagtailadmin_pages:set_page_position",
    "wagtailadmin_pages:unlock",
}

# Digits of a place among its siblings: databases count no further than twice as many.
LONGEST = 9


class MisreadRequestMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> HttpResponse | None:
        match = request.resolver_match
        if request.method != "POST" or not match or match.view_name not in BESIDE_OTHERS:
            return None
        if len(request.GET.get("position", "")) > LONGEST:
            return _not_understood()
        page = kwargs.get("page_id") or kwargs.get("page_to_move_id")
        return _not_understood() if Page.objects.filter(pk=page, depth=1).exists() else None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not request.path_info.startswith(settings.RALLYNOV_ADMIN_PREFIXES) or not is_misread(error):
            return None
        logger.warning("A request that no form sends: Wagtail could not read it", exc_info=error)
        return _not_understood()


def is_misread(error: Exception) -> bool:
    """True when Wagtail's own code failed on a field of the request. A failure below code of ours is a fault of ours."""
    module, function = _place(error)
    if isinstance(error, MultiValueDictKeyError):
        return module.partition(".")[0] in LIBRARIES
    return isinstance(error, MISREAD.get((module, function), ()))


def _place(error: Exception) -> Place:
    """The innermost module and function that raised it, Django's and the reader of JSON left out."""
    for frame, _line in reversed([*walk_tb(error.__traceback__)]):
        module = str(frame.f_globals.get("__name__", ""))
        if module.partition(".")[0] not in {"django", "json"}:
            return module, frame.f_code.co_name
    return "", ""


def _not_understood() -> HttpResponse:
    return render(None, "400.html", status=400)
