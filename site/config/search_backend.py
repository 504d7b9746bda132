"""Selects Wagtail's search backend: the stock database backend, or ours on SQLite."""

from typing import Any

from django.db import connection
from modelsearch.backends import database


def SearchBackend(params: dict[str, Any]) -> Any:  # noqa: N802 - the name that Wagtail imports
    if connection.vendor != "sqlite":
        return database.SearchBackend(params)
    from config.sqlite_search import BoundedSearchBackend  # its models exist on SQLite only

    return BoundedSearchBackend(params)
