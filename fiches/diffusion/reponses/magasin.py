"""The responses that this process keeps, the least used going first."""

import gzip
import time
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import blake2s

from django.http import HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import parse_http_date_safe

from fiches.compression import reads_gzip

LEAST_GZIPPED = 500
TEXTS = ("text/", "application/json", "application/geo+json", "application/xml", "application/atom+xml")
OVERHEAD = 2_000
"""Bytes that an entry takes beside its body, more or less."""


@dataclass(slots=True)
class Kept:
    """A response, what it shows, and until when."""

    status: int
    headers: dict[str, str]
    body: bytes
    marks: frozenset[str]
    position: int
    until: float
    confirm: tuple | None = None
    each_time: Callable | None = None
    gzipped: bytes | None = None
    etag: str = field(init=False, default="")
    compressible: bool = field(init=False, default=False)

    def __post_init__(self):
        headers = self.headers
        if self.status == 200:
            tag = blake2s(self.body, digest_size=12).hexdigest()
            self.etag = headers.setdefault("ETag", f'W/"{tag}"')
        is_text = headers.get("Content-Type", "").startswith(TEXTS)
        if is_text and "Content-Encoding" not in headers and len(self.body) >= LEAST_GZIPPED:
            self.compressible = True
            varies = headers.get("Vary", "")
            if "accept-encoding" not in varies.lower():
                headers["Vary"] = f"{varies}, Accept-Encoding".removeprefix(", ")

    @property
    def size(self):
        return len(self.body) + (len(self.gzipped) if self.gzipped else len(self.body) // 4) + OVERHEAD

    def is_good(self, known):
        """Whether nothing that it shows has changed. One soft change is looked into."""
        if time.time() >= self.until:
            return False
        if known.position == self.position:
            return True
        now, changed = known.position, known.since(self.position, self.marks)
        if changed and self.confirm and changed == {self.confirm[0]} and self.confirm[1]():
            changed = ()
        if not changed:
            self.position = now
        return not changed

    def response(self, request):
        """What ``request`` is answered: this, compressed for who reads it, or 304 for who has it."""
        body = self._body_for(request)
        response = HttpResponse(body, status=self.status, headers=self.headers)
        if body is self.gzipped:
            response["Content-Encoding"] = "gzip"
        response["Content-Length"] = str(len(body))
        return conditional(request, response)

    def _body_for(self, request):
        if not self.compressible or not reads_gzip(request):
            return self.body
        if self.gzipped is None:
            self.gzipped = gzip.compress(self.body, compresslevel=6, mtime=0)
        return self.gzipped


def conditional(request, response):
    """``response``, or 304 when ``request`` says that it has it."""
    meta = request.META
    if "HTTP_IF_NONE_MATCH" not in meta and "HTTP_IF_MODIFIED_SINCE" not in meta:
        return response
    changed = response.get("Last-Modified")
    return get_conditional_response(
        request,
        etag=response.get("ETag"),
        last_modified=changed and parse_http_date_safe(changed),
        response=response,
    )


class Store:
    """Responses by address and, where a response varies, by what it varies with."""

    def __init__(self, most_bytes):
        self.most = most_bytes
        self.bytes = 0
        self.kept: OrderedDict[tuple, Kept] = OrderedDict()
        self.varying: dict[tuple, tuple[str, ...]] = {}

    def get(self, key, variant):
        """``variant(names)`` gives what the request says under the names of headers that the response varies with."""
        names = self.varying.get(key)
        if names is None:
            return None
        whole = (key, variant(names))
        found = self.kept.get(whole)
        if found is not None:
            with suppress(KeyError):  # another thread let it go
                self.kept.move_to_end(whole)
        return found

    def put(self, key, names, variant, kept):
        if kept.size > self.most // 8:
            return
        whole = (key, variant(names))
        self.drop(whole)
        self.varying[key] = names
        self.kept[whole] = kept
        self.bytes += kept.size
        while self.bytes > self.most and self.kept:
            self.drop(next(iter(self.kept)))
        if len(self.varying) > 2 * len(self.kept) + 1000:
            self.varying = {key: self.varying[key] for key, _variant in self.kept if key in self.varying}

    def drop(self, whole):
        gone = self.kept.pop(whole, None)
        if gone is not None:
            self.bytes -= gone.size

    def clear(self):
        self.kept.clear()
        self.varying.clear()
        self.bytes = 0


store = Store(0)
"""This process's."""
