"""The site as a WSGI application, each request of which is answered at another depth of the stack (`bench.depths`)."""

from collections.abc import Callable, Iterable
from itertools import cycle
from typing import Any

from bench.depths import DEPTHS, deeper
from config.wsgi import application as site

_next = cycle(DEPTHS)


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    return deeper(next(_next), site, environ, start_response)
