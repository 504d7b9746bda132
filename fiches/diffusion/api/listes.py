"""Lists: a page of what answers, and the way to the next one, which costs the same however far it is."""

import re
from urllib.parse import urlencode

import orjson
from django.http import HttpResponse
from django.utils.translation import gettext as _

from fiches.diffusion.api.problemes import QueryError, in_language_of
from fiches.models import FichePage
from fiches.query import parametres
from fiches.query.filtre import FicheFilter

CURSOR = re.compile(r"([sp])\.([0-9]{1,9})((?:\.[0-9]{1,18}){1,3})")
CURSOR_NAME = "curseur"
WITNESSES = 3


def asked(request, choice=None):
    """``(FicheFilter, cursor)``.

    :param choice: the Choice that narrows it.
    :raises QueryError: names each parameter that can't be read, and why.
    """
    query = request.GET.copy()
    cursors = query.pop(CURSOR_NAME, [])
    cursor = cursors[-1] if cursors else ""
    with in_language_of(request):
        found = FicheFilter.parse(query)
        if cursor and not CURSOR.fullmatch(cursor):
            found.errors[CURSOR_NAME] = _("This is not the address of a page: take it from “next”.")
        if choice:
            found.narrowing.update(choice.conditions(FichePage))
        if not cursor and not found.errors and found.page > 1 and found.page > found.pages:
            found.errors["page"] = _("There is no page %(page)s.") % {"page": found.page}
    if found.errors:
        raise QueryError(found.errors)
    return found, cursor


def read_query(request, known):
    """``{parameter: value}`` of those that were given, each once, and by what ``known`` reads it.

    :raises QueryError: names each parameter that can't be read, and why.
    """
    found, errors = {}, {}
    for name, values in request.GET.lists():
        texts = list(dict.fromkeys(filter(None, map(parametres.clean, values))))
        try:
            if name in known and texts:
                found[name] = known[name](parametres.only(texts))
            elif name not in known and not parametres.IGNORED.fullmatch(name):
                errors[parametres.shown(name)] = _("There is no such filter.")
        except ValueError as error:
            errors[name] = str(error)
    if errors:
        raise QueryError(errors)
    return found


class Window:
    """The keys of one page of what answers, and the cursors of its neighbours.

    A cursor names the last fiches seen, so that a publication in between neither hides nor skips one: when all of them
    are gone, the reading goes on a page earlier. Better twice than never.
    """

    def __init__(self, found, cursor):
        self.found, self.size = found, found.par_page
        self.keys = []
        start = max(0, self._start(*CURSOR.fullmatch(cursor).groups())) if cursor else (found.page - 1) * self.size
        self.start = start
        stop = start + self.size
        self.page = self.keys[start:stop] if self.keys else self.found.keys(start, stop)

    def _start(self, direction, position, witnesses):
        position = int(position)
        self.keys = self.found.keys(stop=min(position, self.found.count) + 3 * self.size)
        where = {pk: index for index, pk in enumerate(self.keys)}
        for witness in map(int, witnesses[1:].split(".")):
            if witness in where:
                return where[witness] + 1 if direction == "s" else where[witness] - self.size
        return position - self.size

    @property
    def next(self):
        stop = self.start + len(self.page)
        if not self.page or stop >= self.found.count:
            return None
        return CURSOR_NAME, cursor("s", stop, reversed(self.page[-WITNESSES:]))

    @property
    def previous(self):
        if not self.start or not self.page:
            return None
        return CURSOR_NAME, cursor("p", self.start, self.page[:WITNESSES])


def cursor(direction, position, witnesses):
    return f"{direction}.{position}." + ".".join(map(str, witnesses))


def address(request, parameters, neighbour):
    if neighbour is None:
        return None
    query = urlencode([*parameters, neighbour])
    return request.build_absolute_uri(f"{request.path}?{query}")


def answer(request, *, count, items, parameters=(), following=None, preceding=None, choice=None, **more):
    """A list as JSON, with its ``Link`` header (RFC 8288).

    :param items: JSON texts, or data.
    :param following: the parameter that leads to the next page, and its value.
    :param choice: the Choice that the request made among the items and their keys.
    :param more: other keys of the answer, before ``items``.
    """
    if choice:
        items, parameters = choice.trimmed(items), [*parameters, *choice.parameters]
    links = {
        "next": address(request, parameters, following),
        "previous": address(request, parameters, preceding),
    }
    head = orjson.dumps({"count": count, **links, **more})
    texts = [item.encode() if isinstance(item, str) else orjson.dumps(item) for item in items]
    response = HttpResponse(head[:-1] + b',"items":[' + b",".join(texts) + b"]}", content_type="application/json")
    relations = {"next": "next", "previous": "prev"}
    link = ", ".join(f'<{url}>; rel="{relations[name]}"' for name, url in links.items() if url)
    if link:
        response["Link"] = link
    return response


def one_of(text):
    return HttpResponse(text, content_type="application/json")


def whole(request, items, choice=None):
    """A short list on one page, which takes no parameter beside those of ``choice``.

    :raises QueryError: for whoever believes that it does.
    """
    read_query(request, {})
    items = list(items)
    return answer(request, count=len(items), items=items, choice=choice)
