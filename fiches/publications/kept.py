"""The responses that this process keeps for a version, the least used going first."""

import gzip
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import parse_http_date_safe

from fiches.compression import reads_gzip

LEAST_GZIPPED = 500
TEXTS = ("text/", "application/json", "application/geo+json", "application/xml", "application/atom+xml")
MAX_AGE = re.compile(r"max-age=(\d+)")
# Bytes that an entry takes beside its body, more or less.
OVERHEAD = 2_000


# --- What lacks something ---------------------------------------------------------------------------------------------------


class Making:
    """A response, or contents, being made; ``is_incomplete`` once something in it could not be made for now."""

    is_incomplete = False


_making: ContextVar[Making | None] = ContextVar("making", default=None)


@contextmanager
def making() -> Iterator[Making]:
    made = Making()
    token = _making.set(made)
    try:
        yield made
    finally:
        _making.reset(token)


def incomplete() -> None:
    """Says that something (a picture's size) could not be made for now: what is being made is not kept, the next reader tries again."""
    made = _making.get()
    if made is not None:
        made.is_incomplete = True


# --- What is kept -----------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Kept:
    """A response, true until ``until`` (seconds since 1970). ``each_time(request, response)`` is called before each answer but
    the first: it counts, or refuses."""

    status: int
    headers: dict[str, str]
    body: bytes
    until: float
    each_time: Callable[[HttpRequest, HttpResponse], HttpResponse] | None = None
    gzipped: bytes | None = None
    compressible: bool = field(init=False, default=False)
    max_age: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        if told := MAX_AGE.search(self.headers.get("Cache-Control", "")):
            self.max_age = int(told[1])
        is_text = self.headers.get("Content-Type", "").startswith(TEXTS)
        if is_text and "Content-Encoding" not in self.headers and len(self.body) >= LEAST_GZIPPED:
            self.compressible = True
            varies = self.headers.get("Vary", "")
            if "accept-encoding" not in varies.lower():
                self.headers["Vary"] = f"{varies}, Accept-Encoding".removeprefix(", ")

    @property
    def size(self) -> int:
        return len(self.body) + (len(self.gzipped) if self.gzipped else len(self.body) // 4) + OVERHEAD

    @property
    def is_true(self) -> bool:
        return time.time() < self.until

    def response(self, request: HttpRequest) -> HttpResponseBase:
        """What ``request`` is answered: this, compressed for who reads it, or 304 for who has it."""
        body = self._body_for(request)
        response = HttpResponse(body, status=self.status, headers=self.headers)
        if body is self.gzipped:
            response["Content-Encoding"] = "gzip"
        response["Content-Length"] = str(len(body))
        left = max(0, int(self.until - time.time()))
        if left < self.max_age:  # no copy elsewhere outlives this one
            response["Cache-Control"] = MAX_AGE.sub(f"max-age={left}", response["Cache-Control"])
        return if_changed(request, response)

    def _body_for(self, request: HttpRequest) -> bytes:
        if not self.compressible or not reads_gzip(request):
            return self.body
        if self.gzipped is None:
            self.gzipped = gzip.compress(self.body, compresslevel=6, mtime=0)
        return self.gzipped


def if_changed(request: HttpRequest, response: HttpResponse) -> HttpResponseBase:
    """``response``, or 304 when ``request`` says that it has it."""
    if "HTTP_IF_NONE_MATCH" not in request.META and "HTTP_IF_MODIFIED_SINCE" not in request.META:
        return response
    changed = parse_http_date_safe(response.get("Last-Modified", ""))
    found = get_conditional_response(request, etag=response.get("ETag"), last_modified=changed, response=response)
    return response if found is None else found


class Store:
    """The responses of one version, by address and, where a response varies, by what it varies with."""

    def __init__(self) -> None:
        self.most = 0
        self.clear()

    def clear(self, version: Any = None) -> None:
        self.version = version
        self.bytes = 0
        self.kept: OrderedDict[tuple, Kept] = OrderedDict()
        self.varying: dict[tuple, tuple[str, ...]] = {}

    def get(self, version: Any, key: tuple, variant: Callable) -> Kept | None:
        """``variant(names)`` is what the request says under the names of headers that the response varies with."""
        names = self.varying.get(key) if version == self.version else None
        if names is None:
            return None
        whole = (key, variant(names))
        found = self.kept.get(whole)
        if found is None or not found.is_true:
            return None
        self.kept[whole] = self.kept.pop(whole, found)
        return found

    def put(self, version: Any, key: tuple, names: tuple[str, ...], variant: Callable, kept: Kept) -> None:
        if version != self.version:
            self.clear(version)
        if kept.size > self.most // 8:
            return
        whole = (key, variant(names))
        self._drop(whole)
        self.varying[key] = names
        self.kept[whole] = kept
        self.bytes += kept.size
        while self.bytes > self.most and self.kept:
            self._drop(next(iter(self.kept)))
        if len(self.varying) > 2 * len(self.kept) + 1000:
            self.varying = {key: self.varying[key] for key, _variant in self.kept if key in self.varying}

    def _drop(self, whole: tuple) -> None:
        gone = self.kept.pop(whole, None)
        if gone is not None:
            self.bytes -= gone.size


# This process's.
store = Store()
