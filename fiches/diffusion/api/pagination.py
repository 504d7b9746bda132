"""Pagination of the lists that don't use a FicheFilter."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from fiches.diffusion.api import list_responses
from fiches.diffusion.api.problems import QueryError
from fiches.diffusion.contents import instant
from fiches.publications import ledger
from fiches.query import parsers

if TYPE_CHECKING:
    from fiches.diffusion.api.item_choice import Choice


# Parameters that links to other pages replace.
PAGING = ("curseur", "page")
READERS = {
    "langue": parsers.one_language,
    "depuis": parsers.depuis,
    "par_page": parsers.par_page,
    "page": parsers.page,
}


def read_paging(request: HttpRequest, *, by_cursor: bool = False) -> dict[str, Any]:
    """Returns the paging parameters ``langue``, ``depuis``, ``par_page``, ``page`` and ``curseur``, with their defaults.

    :param by_cursor: whether the list takes ``curseur``; its value is ``(aware datetime, pk)``.
    :raises QueryError: with a message for each invalid parameter.
    """
    known = {**READERS, "curseur": _cursor} if by_cursor else READERS
    defaults = {"langue": "", "depuis": None, "par_page": parsers.PAR_PAGE, "curseur": None, "page": 1}
    return defaults | list_responses.read_parameters(request, known)


def _cursor(text: str) -> tuple[datetime, int]:
    moment, _separator, key = text.rpartition("~")
    if not key.isdecimal() or len(key) > 18:
        raise ValueError(_("This is not the address of a page: take it from “next”."))
    return parsers.depuis(moment), int(key)


def paged(request: Any, rows: QuerySet, paging: dict[str, Any], *, keys: tuple[str, str], items: Any) -> HttpResponse:
    """Returns a page of ``rows`` by cursor (keyset pagination).

    :param rows: a queryset ordered by ``keys``.
    :param paging: as :func:`read_paging` returns it with ``by_cursor``.
    :param keys: names of two columns: an instant and a number.
    :param items: ``items(rows)`` returns the items of the response.
    """
    first, second = keys
    count, size = rows.count(), paging["par_page"]
    start = 0 if paging["curseur"] else (paging["page"] - 1) * size
    if start and start >= count:
        raise QueryError({"page": _("There is no page %(page)s.") % {"page": paging["page"]}})
    if paging["curseur"]:
        moment, key = paging["curseur"]
        rows = rows.filter(Q(**{f"{first}__gt": moment}) | Q(**{first: moment, f"{second}__gt": key}))
    batch = list(rows[start : start + size + 1])
    last = batch[size - 1] if len(batch) > size else None
    following = last and f"{instant(getattr(last, first))}~{getattr(last, second)}"
    following = following and (list_responses.CURSOR_NAME, following)
    return list_responses.list_response(
        request, count=count, items=items(batch[:size]), parameters=_other_parameters(request), following=following
    )


def of_pages(
    request: HttpRequest, nature: str, pages: QuerySet, paging: dict[str, Any], choice: "Choice"
) -> HttpResponse:
    """Returns a page of the contents of ``pages``, by page number: for kinds with few pages.

    :param nature: kind of page in the register.
    :param pages: a queryset, in the order of the list.
    :param paging: as :func:`read_paging` returns it.
    """
    if paging["depuis"]:
        pages = pages.filter(pk__in=ledger.changed_since(paging["depuis"]))
    keys, size, number = list(pages.values_list("pk", flat=True)), paging["par_page"], paging["page"]
    start = (number - 1) * size
    if start and start >= len(keys):
        raise QueryError({"page": _("There is no page %(page)s.") % {"page": number}})
    contents = ledger.contents(nature, keys[start : start + size])
    return list_responses.list_response(
        request,
        count=len(keys),
        items=contents.values(),
        parameters=_other_parameters(request),
        following=("page", number + 1) if start + size < len(keys) else None,
        preceding=("page", number - 1) if start else None,
        choice=choice,
    )


def _other_parameters(request: HttpRequest) -> list[Any]:
    return [(name, value) for name, values in request.GET.lists() for value in values if name not in PAGING]
