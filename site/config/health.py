"""Health checks for monitoring: liveness, readiness, background work."""

import copy
import logging
import os
import secrets
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.core.files.storage import FileSystemStorage, storages
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.urls import resolve, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from config import backup, monitoring

logger = logging.getLogger(__name__)

PREFIX = "/sante/"
FAILURES = (Error, RedisError, OSError)


class AnyHostMiddleware:
    """Accepts any host for health checks: nginx and deployments ask a process at its own address, which is not
    in ALLOWED_HOSTS."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(PREFIX):
            request.META["HTTP_HOST"] = urlsplit(settings.BASE_URL).netloc
        return self.get_response(request)


@never_cache
@require_safe
def alive(request: HttpRequest) -> JsonResponse:
    """Liveness: 200 if the process answers. Uses neither database nor cache."""
    return JsonResponse({"vivant": True})


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Readiness: 200 if everything that a page needs works, else 503. JSON: ``{name of the check: bool}``."""
    checks = {name: _passes(check) for name, check in CHECKS.items()}
    checks["pages"] = checks["base_de_donnees"] and a_page_is_made(request)
    return JsonResponse({"pret": all(checks.values()), **checks}, status=200 if all(checks.values()) else 503)


@never_cache
@require_safe
def works(request: HttpRequest) -> JsonResponse:
    """Background work: 200 if all of it runs, else 503. JSON: ``{name: bool}``, and ``jamais``, the names of what has never run;
    without the database, which alone knows, ``base_de_donnees``.

    Failures are also logged here, so that ADMINS get a mail even if no periodic work runs.
    """
    try:
        checks, never = monitoring.state(), monitoring.never()
    except Error:
        checks, never = {"base_de_donnees": False}, []
    monitoring.log_failures(checks)
    content = {"travaux": all(checks.values()), **checks, "jamais": never}
    return JsonResponse(content, status=200 if all(checks.values()) else 503)


def database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True


def migrations_are_applied() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def cache_keeps() -> bool:
    value = secrets.token_hex(8)
    cache.set("sante", value, 10)
    return cache.get("sante") == value


def files_are_taken() -> bool:
    """Whether both storages can be written: a folder (or its parent, if it does not exist yet) by its permissions, a bucket by
    a request."""
    return all(_takes_files(storages[alias]) for alias in ("default", "private"))


def no_restoration_is_unfinished() -> bool:
    return not backup.is_unfinished()


def _takes_files(storage: Any) -> bool:
    if not isinstance(storage, FileSystemStorage):
        try:
            storage.exists("sante")
        except Exception as error:  # storage libraries have their own exceptions
            logger.warning("storage_unavailable", extra={"error": type(error).__name__})
            return False
        return True
    folder = Path(storage.location)
    while not folder.exists():
        folder = folder.parent
    return folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)


def a_page_is_made(request: HttpRequest) -> bool:
    """Whether the search page can be rendered: this tests URLs, database, templates and static files. Calls the view itself,
    since the request has passed the middleware already."""
    page = copy.copy(request)
    page.path = page.path_info = reverse("search")
    page.method, page.GET = "GET", QueryDict()
    page.resolver_match = match = resolve(page.path_info)
    try:
        response = match.func(page, *match.args, **match.kwargs)
        if hasattr(response, "render"):
            response.render()
    except Exception:
        logger.exception("page_not_made")
        return False
    return response.status_code == HTTPStatus.OK


CHECKS: dict[str, Callable[[], bool]] = {
    "base_de_donnees": database_answers,
    "migrations": migrations_are_applied,
    "cache": cache_keeps,
    "fichiers": files_are_taken,
    "restauration": no_restoration_is_unfinished,
}


def _passes(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except FAILURES:
        return False
