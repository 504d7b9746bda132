"""Which of the databases' search backends Wagtail's APIs and admin use: the stock one, ours on SQLite."""

from typing import Any

from django.db import connection
from modelsearch.backends import database


def SearchBackend(params: dict[str, Any]) -> Any:  # noqa: N802 - the name that Wagtail looks for
    if connection.vendor != "sqlite":
        return database.SearchBackend(params)
    from config.sqlite_search import BoundedSearchBackend  # its tables have models on SQLite only

    return BoundedSearchBackend(params)
