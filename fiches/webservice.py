"""The web services that an operator may turn on, asked for JSON with patience and size that are limited."""

import json
from http.client import HTTPException
from urllib.request import Request, urlopen

MAX_ANSWER = 5_000_000


class ServiceError(Exception):
    """The service did not answer in time, or not well."""


class NotJsonError(ServiceError):
    """The service answered something else than JSON."""


def get_json(url, *, timeout):
    """What the service at `url`, http or https only, answers within `timeout` seconds of silence."""
    if not url.startswith(("https://", "http://")):
        raise ServiceError(url)
    request = Request(url, headers={"Accept": "application/json", "User-Agent": "rallynov"})  # noqa: S310
    try:
        with urlopen(request, timeout=timeout) as response:  # noqa: S310
            return json.loads(response.read(MAX_ANSWER))
    except (OSError, HTTPException) as error:
        raise ServiceError(str(error)) from error
    except ValueError as error:
        raise NotJsonError(str(error)) from error
