"""Lists of the API: reads the query, cuts a page, links the next one by a cursor that neither skips what is published or withdrawn."""

import re
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _

from fiches.diffusion.api.openapi_parameters import CHOICE
from fiches.diffusion.api.problems import QueryError, in_language_of
from fiches.models import FichePage
from fiches.publications import ledger
from fiches.query import parsers
from fiches.query.fiche_filter import FicheFilter

# The number of items before, and the keys of the last items seen, the very last first.
CURSOR = re.compile(r"[0-9]{1,9}(\.[0-9]{1,18}){1,3}")
ANCHORS = 3
# Upper bound of an id: the integers that JavaScript represents exactly.
MAX_ID = 2**53
PAGING = {"depuis": parsers.depuis, "par_page": parsers.par_page, "page": parsers.page}
FIRST_PAGE = {"langue": "", "depuis": None, "par_page": parsers.PAR_PAGE, "page": 1}


class Choice:
    """The parameters of a list beside its filters: which items, which of their keys, from where. They are removed from ``request.GET``.

    :param shape: the schema of an item, whose keys ``champs`` may name.
    :param names: the names in :data:`~fiches.diffusion.api.openapi_parameters.CHOICE` that the list takes.
    :param more: further keys that ``champs`` may name.
    :raises QueryError: with a message for each invalid parameter.
    """

    id = uid = exemple = champs = None
    curseur: list[int] | None = None

    def __init__(
        self, request: HttpRequest, shape: Any = None, names: Iterable[str] = tuple(CHOICE), more: Iterable[str] = ()
    ) -> None:
        self.keys_of_shape = [*shape.model_fields, *more] if shape else []
        errors, rest = {}, request.GET.copy()
        with in_language_of(request):
            for name in names:
                try:
                    if texts := parsers.cleaned_values(rest.pop(name, [])):
                        setattr(self, name, getattr(self, f"_read_{name}")(texts))
                except ValueError as error:
                    errors[name] = str(error)
        request.GET = rest
        if errors:
            raise QueryError(errors)

    def _read_id(self, texts: list[str]) -> list[int]:
        texts = _not_too_many(texts)
        if wrong := [text for text in texts if not (text.isascii() and text.isdigit() and int(text) < MAX_ID)]:
            raise ValueError(_("“%(text)s” is not a number.") % {"text": parsers.shown(wrong[0])})
        return [int(text) for text in texts]

    def _read_uid(self, texts: list[str]) -> list[UUID]:
        texts = _not_too_many(texts)
        try:
            return [UUID(text) for text in texts]
        except ValueError:
            raise ValueError(_("This is not an identifier: take it from “uid”.")) from None

    def _read_exemple(self, texts: list[str]) -> bool:
        text = parsers.only(texts)
        if text not in ("0", "1"):
            raise ValueError(_("“%(text)s” is neither 0 nor 1.") % {"text": parsers.shown(text)})
        return text == "1"

    def _read_champs(self, texts: list[str]) -> set[str]:
        wanted = [part.strip() for text in texts for part in text.split(",") if part.strip()]
        if unknown := [name for name in wanted if name not in self.keys_of_shape]:
            known = {"text": parsers.shown(unknown[0]), "known": ", ".join(self.keys_of_shape)}
            raise ValueError(_("There is no key “%(text)s”: choose among %(known)s.") % known)
        return set(wanted)

    def _read_curseur(self, texts: list[str]) -> list[int]:
        if not CURSOR.fullmatch(text := parsers.only(texts)):
            raise ValueError(_("This is not the address of a page: take it from “next”."))
        return [int(part) for part in text.split(".")]

    def conditions(self, *, pk: str = "pk", uid: str = "uid") -> dict[str, Q]:
        """Returns ``{parameter: condition}`` for those in use; ``pk`` and ``uid`` name the columns."""
        asked = {"id": (f"{pk}__in", self.id), "uid": (f"{uid}__in", self.uid), "exemple": ("exemple", self.exemple)}
        return {name: Q((lookup, value)) for name, (lookup, value) in asked.items() if value is not None}


def _not_too_many(texts: list[str]) -> list[str]:
    """Returns the values separated by commas, each once."""
    values = list(filter(None, dict.fromkeys(part.strip() for text in texts for part in text.split(","))))
    if len(values) > parsers.MOST_PER_PAGE:
        raise ValueError(_("Too many values: at most %(most)s.") % {"most": parsers.MOST_PER_PAGE})
    return values


def choice_parameters(*names: str, keys: str = "titre,url") -> list[dict]:
    """Returns the OpenAPI descriptions of these parameters; of all of them without ``names``.

    :param keys: the example of ``champs``.
    """
    return [CHOICE[name] | ({"example": keys} if name == "champs" else {}) for name in names or CHOICE]


def read_filter(request: HttpRequest, choice: Choice | None = None) -> FicheFilter:
    """Parses the query string.

    :param choice: a Choice that restricts the fiches further.
    :raises QueryError: with a message for each invalid parameter.
    """
    with in_language_of(request):
        fiche_filter = FicheFilter.parse(request.GET)
        if choice:
            conditions = choice.conditions(pk="object_id")
            if "exemple" in conditions:  # the register has no such column
                fiches = FichePage.objects.order_by().filter(conditions["exemple"])
                conditions["exemple"] = Q(object_id__in=fiches.values("pk"))
            fiche_filter.narrowing.update(conditions)
    if fiche_filter.errors:
        raise QueryError(fiche_filter.errors)
    return fiche_filter


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


def read_paging(request: HttpRequest) -> dict[str, Any]:
    """Returns the parameters ``langue``, ``depuis``, ``par_page`` and ``page``, with their defaults.

    :raises QueryError: with a message for each invalid parameter.
    """
    return FIRST_PAGE | read_parameters(request, PAGING)


class Cut(NamedTuple):
    """One page of a list: its keys, and the parameter (a pair) that leads to the next and to the previous page, or None."""

    keys: list[int]
    following: tuple[str, Any] | None
    preceding: tuple[str, Any] | None


WHOLE = Cut([], None, None)


def cut(choice: Choice, keys: Callable[[slice], Iterable[int]], count: int, asked: dict[str, Any]) -> Cut:
    """Returns a page of a list: after the last item seen that the list still has, if there is a cursor; else ``page``.

    :param keys: returns a slice of the keys of the list, in its order.
    :param asked: the values of ``page`` and ``par_page``.
    :raises QueryError: there is no such page.
    """
    page, size = asked["page"], asked["par_page"]
    start = (page - 1) * size
    if choice.curseur:
        seen, *anchors = choice.curseur
        known = list(keys(slice(min(seen, count) + 3 * size)))
        start = next((known.index(anchor) + 1 for anchor in anchors if anchor in known), 0)
    elif page > 1 and start >= count:
        raise QueryError({"page": _("There is no page %(page)s.") % {"page": page}})
    shown = list(keys(slice(start, start + size)))
    stop = start + len(shown)
    cursor = ".".join(map(str, [stop, *reversed(shown[-ANCHORS:])]))
    following = ("curseur", cursor) if shown and stop < count else None
    return Cut(shown, following, ("page", -(-start // size)) if start and count else None)


def cut_filter(choice: Choice, fiches: FicheFilter) -> Cut:
    """Returns a page of the fiches that a filter finds."""
    asked = {"page": fiches.page, "par_page": fiches.par_page}
    return cut(choice, lambda part: fiches.keys(part.start or 0, part.stop), fiches.count, asked)


def list_of_kind(
    request: HttpRequest, nature: str, pages: QuerySet, choice: Choice, asked: dict[str, Any]
) -> HttpResponse:
    """Returns a page of the contents of ``pages``, a queryset of a kind with few pages, in its order.

    :param nature: kind of page in the register.
    :param asked: the values of ``depuis``, ``page`` and ``par_page``.
    """
    if asked["depuis"]:
        pages = pages.filter(pk__in=ledger.changed_since(asked["depuis"]))
    keys = list(pages.values_list("pk", flat=True))
    part = cut(choice, keys.__getitem__, len(keys), asked)
    return list_response(
        request, count=len(keys), items=ledger.contents(nature, part.keys).values(), part=part, choice=choice
    )


def page_url(request: HttpRequest, neighbour: tuple[str, Any] | None) -> str | None:
    """Returns the absolute URL of a neighbouring page; None if ``neighbour``, its ``(parameter, value)``, is None."""
    if neighbour is None:
        return None
    query = QueryDict(request.META["QUERY_STRING"], mutable=True)
    for name in ("page", "curseur"):
        query.pop(name, None)
    query[neighbour[0]] = str(neighbour[1])
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


def list_response(
    request: HttpRequest,
    *,
    count: int,
    items: Iterable[Any],
    part: Cut = WHOLE,
    choice: Choice | None = None,
    **more: Any,
) -> HttpResponse:
    """Returns a list as JSON, with its ``Link`` header (RFC 8288).

    :param items: JSON texts or dicts.
    :param part: the page that the items are; by default, the whole list.
    :param choice: the Choice whose keys the items are reduced to.
    :param more: other keys of the response, before ``items``.
    """
    if choice and choice.champs:
        items = trimmed(items, choice.champs)
    links = {"next": page_url(request, part.following), "previous": page_url(request, part.preceding)}
    head = orjson.dumps({"count": count, **links, **more})
    texts = [item.encode() if isinstance(item, str) else orjson.dumps(item) for item in items]
    response = HttpResponse(head[:-1] + b',"items":[' + b",".join(texts) + b"]}", content_type="application/json")
    relations = {"next": "next", "previous": "prev"}
    if link := ", ".join(f'<{url}>; rel="{relations[name]}"' for name, url in links.items() if url):
        response["Link"] = link
    return response


def trimmed(items: Iterable[Any], keys: set[str]) -> list[dict[str, Any]]:
    """Returns ``items`` (JSON texts or dicts) with these keys only."""
    data = (orjson.loads(item) if isinstance(item, str) else item for item in items)
    return [{key: value for key, value in item.items() if key in keys} for item in data]


def json_response(text: bytes | str) -> HttpResponse:
    """Returns a JSON text (str or bytes) as a response."""
    return HttpResponse(text, content_type="application/json")


def single_page(request: HttpRequest, items: Iterable[Any], choice: Choice | None = None) -> HttpResponse:
    """Returns a short list on one page.

    :raises QueryError: for any parameter beside those of ``choice``.
    """
    read_parameters(request, {})
    items = list(items)
    return list_response(request, count=len(items), items=items, choice=choice)
