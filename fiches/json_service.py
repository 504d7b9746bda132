"""JSON requests to the web services that an operator configures, with a limited time and size."""

import json
from http.client import HTTPException
from typing import Any
from urllib.request import Request, urlopen

MAX_ANSWER = 5_000_000


class ServiceError(Exception):
    """The service did not answer in time, or answered with an error."""


def get_json(url: str, *, timeout: float) -> dict[str, Any] | list[int] | None:
    """Requests ``url`` (http or https) and returns the decoded JSON.

    :param timeout: seconds for the connection, and for each read.
    :raises ServiceError: no good answer, or not JSON.
    """
    if not url.startswith(("https://", "http://")):
        raise ServiceError(url)
    request = Request(url, headers={"Accept": "application/json", "User-Agent": "rallynov"})  # noqa: S310
    try:
        with urlopen(request, timeout=timeout) as response:  # noqa: S310
            return json.loads(response.read(MAX_ANSWER))
    except (OSError, HTTPException, ValueError) as error:
        raise ServiceError(str(error)) from error
