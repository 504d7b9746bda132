"""The response cache of a process: complete responses for one version, evicted least recently used first."""

import re
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import parse_http_date_safe

from fiches.compression import LEAST_GZIPPED, accepts_gzip, gzip_body

TEXTS = ("text/", "application/json", "application/geo+json", "application/xml", "application/atom+xml")
MAX_AGE = re.compile(r"max-age=(\d+)")
# Approximate bytes of an entry in addition to its body.
OVERHEAD = 2_000
# The headers without which a page of another site may not read a 304 response (CORS).
SHARING = ("Access-Control-", "Cross-Origin-")


@dataclass(slots=True)
class CachedResponse:
    """A cached response, valid until ``until`` (a Unix timestamp). ``each_time(request, response)`` is called on each cache
    hit and returns the response to send: it may count the request or refuse it."""

    status: int
    headers: dict[str, str]
    body: bytes
    until: float
    each_time: Callable[[HttpRequest, HttpResponse], HttpResponse] | None = None
    gzipped: bytes | None = None
    compressible: bool = field(init=False, default=False)
    max_age: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        if match := MAX_AGE.search(self.headers.get("Cache-Control", "")):
            self.max_age = int(match[1])
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
    def is_valid(self) -> bool:
        return time.time() < self.until

    def response(self, request: HttpRequest) -> HttpResponseBase:
        """The response to ``request``: compressed if it accepts gzip, or 304 if the client has it already."""
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
        if not self.compressible or not accepts_gzip(request):
            return self.body
        if self.gzipped is None:
            self.gzipped = gzip_body(self.body)
        return self.gzipped


def if_changed(request: HttpRequest, response: Any) -> HttpResponseBase:
    """``response``, or 304 if the headers of ``request`` show that the client has it."""
    if "HTTP_IF_NONE_MATCH" not in request.META and "HTTP_IF_MODIFIED_SINCE" not in request.META:
        return response
    changed = parse_http_date_safe(response.get("Last-Modified", ""))
    conditional = get_conditional_response(request, etag=response.get("ETag"), last_modified=changed, response=response)
    if conditional is None:
        return response
    for name, value in response.items():
        if name.startswith(SHARING):
            conditional[name] = value
    return conditional


class Store:
    """The cached responses of one version, by address and by the request headers named in ``Vary``. ``most`` is the maximum of
    bytes; putting a response of another version empties the store, unless that version was read before the store's."""

    def __init__(self) -> None:
        self.most = 0
        # Between looking a response up and marking it as used, another thread must not empty the store for a new version.
        self._lock = Lock()
        self.clear()

    def clear(self, version: Any = None, read_at: float = float("-inf")) -> None:
        self.version = version
        self.read_at = read_at
        self.bytes = 0
        self.responses: OrderedDict[tuple, CachedResponse] = OrderedDict()
        self.varying: dict[tuple, tuple[str, ...]] = {}

    def get(self, version: Any, key: tuple, variant: Callable) -> CachedResponse | None:
        """The cached response, or None.

        :param variant: ``variant(names)`` returns the request's values of these headers; see `fiches.publications.cache_keys`.
        """
        with self._lock:
            names = self.varying.get(key) if version == self.version else None
            if names is None:
                return None
            whole = (key, variant(names))
            response = self.responses.get(whole)
            if response is None or not response.is_valid:
                return None
            self.responses.move_to_end(whole)  # now the most recently used
            return response

    def put(
        self,
        version: Any,
        key: tuple,
        names: tuple[str, ...],
        variant: Callable,
        response: CachedResponse,
        *,
        read_at: float,
    ) -> None:
        """Stores a response that varies with the headers ``names``, unless it takes more than an eighth of the store.

        :param read_at: when ``version`` was read (``time.monotonic()``). It alone orders two versions: a restored backup lowers
            their number, and the dates of two transactions that wait for each other may be in the other order.
        """
        with self._lock:
            if version != self.version:
                if read_at < self.read_at:  # a slow view, begun before the change
                    return
                self.clear(version, read_at)
            if response.size > self.most // 8:
                return
            whole = (key, variant(names))
            self._drop(whole)
            self.varying[key] = names
            self.responses[whole] = response
            self.bytes += response.size
            while self.bytes > self.most and self.responses:
                self._drop(next(iter(self.responses)))
            if len(self.varying) > 2 * len(self.responses) + 1000:
                self.varying = {key: self.varying[key] for key, _variant in self.responses if key in self.varying}

    def _drop(self, whole: tuple) -> None:
        response = self.responses.pop(whole, None)
        if response is not None:
            self.bytes -= response.size


# The store of this process.
store = Store()
