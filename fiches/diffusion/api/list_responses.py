"""List responses of the API: reads the query, cuts a page, links the next one by a cursor whose cost doesn't grow with the page."""

import re
from collections.abc import Callable
from math import ceil
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

import orjson
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from fiches.diffusion.api.problems import QueryError, in_language_of
from fiches.models import FichePage
from fiches.query import parsers
from fiches.query.fiche_filter import FicheFilter

if TYPE_CHECKING:
    from fiches.diffusion.api.item_choice import Choice


CURSOR = re.compile(r"([sp])\.([0-9]{1,9})((?:\.[0-9]{1,18}){1,3})")
CURSOR_NAME = "curseur"
# Fiches named in a cursor.
ANCHORS = 3


def read_filter(request: HttpRequest, choice: "Choice | None" = None) -> tuple[FicheFilter, str]:
    """Parses the query string; returns ``(FicheFilter, cursor or "")``.

    :param choice: a Choice that restricts the fiches further.
    :raises QueryError: with a message for each invalid parameter.
    """
    query = request.GET.copy()
    cursors = query.pop(CURSOR_NAME, [])
    cursor = cursors[-1] if cursors else ""
    with in_language_of(request):
        fiche_filter = FicheFilter.parse(query)
        try:
            cursor = cursor and read_cursor(cursor)
        except ValueError as error:
            fiche_filter.errors[CURSOR_NAME] = str(error)
        if choice:
            fiche_filter.narrowing.update(choice.conditions(FichePage))
        if not cursor and not fiche_filter.errors and fiche_filter.page > 1 and fiche_filter.page > fiche_filter.pages:
            fiche_filter.errors["page"] = _("There is no page %(page)s.") % {"page": fiche_filter.page}
    if fiche_filter.errors:
        raise QueryError(fiche_filter.errors)
    return fiche_filter, cursor


def read_parameters(request: HttpRequest, known: dict[str, Callable[..., Any]]) -> dict[str, Any]:
    """Reads the query string of a list that isn't a FicheFilter's; returns ``{parameter: value}`` of the given parameters.

    :param known: ``{parameter: function that parses its text, or raises ValueError}``; ``langue`` is read too.
    :raises QueryError: with a message for each invalid, repeated or unknown parameter.
    """
    query, errors = {}, {}
    known = {"langue": parsers.one_language} | known
    for name, values in request.GET.lists():
        try:
            texts = parsers.cleaned_values(values)
            if name in known and texts:
                query[name] = known[name](parsers.only(texts))
            elif name not in known and not parsers.is_ignored(name):
                errors[parsers.shown(name)] = _("There is no such filter.")
        except ValueError as error:
            errors[name] = str(error)
    if errors:
        raise QueryError(errors)
    return query


class Rows(NamedTuple):
    """What a :class:`Window` reads of keys (a queryset or a list), as it does of a FicheFilter."""

    rows: QuerySet | list[int]
    count: int
    page: int
    par_page: int

    def keys(self, start: int = 0, stop: int | None = None) -> list[int]:
        return list(self.rows[start:stop])


class Window:
    """One page of a FicheFilter's fiches, or of :class:`Rows`: ``page`` (primary keys), and the cursors ``next`` and ``previous``.

    A cursor names the last fiches seen, so that a publication between two requests neither repeats nor skips one. When all of
    them were withdrawn, the next page starts one page earlier: a fiche may be repeated, but never skipped.

    :param cursor: the parameter's text, or ``""``.
    """

    def __init__(self, fiche_filter: Any, cursor: Any) -> None:
        self.fiche_filter, self.size = fiche_filter, fiche_filter.par_page
        self.keys: list[Any] = []
        start = (
            max(0, self._start(*CURSOR.fullmatch(cursor).groups())) if cursor else (fiche_filter.page - 1) * self.size
        )
        self.start = start
        stop = start + self.size
        self.page = self.keys[start:stop] if self.keys else self.fiche_filter.keys(start, stop)

    def _start(self, direction: str, position: Any, anchors: str) -> int:
        position = int(position)
        self.keys = self.fiche_filter.keys(stop=min(position, self.fiche_filter.count) + 3 * self.size)
        index_of = {pk: index for index, pk in enumerate(self.keys)}
        for anchor in map(int, anchors[1:].split(".")):
            if anchor in index_of:
                return index_of[anchor] + 1 if direction == "s" else index_of[anchor] - self.size
        return position - self.size

    @property
    def next(self) -> Any:
        stop = self.start + len(self.page)
        if not self.page or stop >= self.fiche_filter.count:
            return None
        return CURSOR_NAME, cursor("s", stop, reversed(self.page[-ANCHORS:]))

    @property
    def previous(self) -> tuple[str, Any] | None:
        if not self.start or not self.fiche_filter.count:
            return None
        if not self.page:  # all that followed the cursor was withdrawn: the last page of what is left
            return "page", ceil(self.fiche_filter.count / self.size)
        return CURSOR_NAME, cursor("p", self.start, self.page[:ANCHORS])


def window_of(keys: Any, count: int, query: dict[str, Any]) -> Window:
    """Returns the page of a list that ``query`` asks for with ``page``, ``par_page`` and ``curseur``.

    :param keys: the keys of the list, in its order: a queryset or a list.
    :raises QueryError: there is no such page.
    """
    number, size = query.get("page", 1), query.get("par_page", parsers.PAR_PAGE)
    if number > 1 and (number - 1) * size >= count:
        raise QueryError({"page": _("There is no page %(page)s.") % {"page": number}})
    return Window(Rows(keys, count, number, size), query.get(CURSOR_NAME, ""))


def read_cursor(text: str) -> str:
    """Returns a cursor's text.

    :raises ValueError: it isn't one.
    """
    if not CURSOR.fullmatch(text):
        raise ValueError(_("This is not the address of a page: take it from “next”."))
    return text


def cursor(direction: str, position: int, anchors: Any) -> str:
    """Returns a cursor's text: ``s`` (next) or ``p`` (previous), the position, the primary keys of nearby fiches."""
    return f"{direction}.{position}." + ".".join(map(str, anchors))


def page_url(request: HttpRequest, parameters: list[Any] | tuple[Any, ...], neighbour: Any) -> str | None:
    """Returns the absolute URL of a neighbouring page; None if ``neighbour``, its ``(parameter, value)``, is None."""
    if neighbour is None:
        return None
    query = urlencode([*parameters, neighbour])
    return request.build_absolute_uri(f"{request.path}?{query}")


def list_response(
    request: Any,
    *,
    count: int,
    items: Any,
    parameters: Any = (),
    following: Any = None,
    preceding: Any = None,
    choice: "Choice | None" = None,
    **more: Any,
) -> Any:
    """Returns a list as JSON, with its ``Link`` header (RFC 8288).

    :param items: JSON texts or dicts.
    :param parameters: ``[(name, value)]`` of the query, repeated in the links.
    :param following: ``(parameter, value)`` that leads to the next page, or None; ``preceding``: to the previous one.
    :param choice: the Choice whose keys the items are reduced to.
    :param more: other keys of the response, before ``items``.
    """
    if choice:
        items, parameters = choice.trimmed(items), [*parameters, *choice.parameters]
    links = {
        "next": page_url(request, parameters, following),
        "previous": page_url(request, parameters, preceding),
    }
    head = orjson.dumps({"count": count, **links, **more})
    texts = [item.encode() if isinstance(item, str) else orjson.dumps(item) for item in items]
    response = HttpResponse(head[:-1] + b',"items":[' + b",".join(texts) + b"]}", content_type="application/json")
    relations = {"next": "next", "previous": "prev"}
    link = ", ".join(f'<{url}>; rel="{relations[name]}"' for name, url in links.items() if url)
    if link:
        response["Link"] = link
    return response


def json_response(text: bytes | str) -> HttpResponse:
    """Returns a JSON text (str or bytes) as a response."""
    return HttpResponse(text, content_type="application/json")


def single_page(request: HttpRequest, items: Any, choice: "Choice | None" = None) -> HttpResponse:
    """Returns a short list on one page.

    :raises QueryError: for any parameter beside those of ``choice``.
    """
    read_parameters(request, {})
    items = list(items)
    return list_response(request, count=len(items), items=items, choice=choice)
