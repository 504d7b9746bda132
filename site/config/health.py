"""For the machines that watch the site: is the process alive, can it serve?"""

import secrets
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

ADDRESSES = "/sante/"
FAILURES = (DatabaseError, InterfaceError, RedisError, OSError)


class AnyHostMiddleware:
    """Varnish, Prometheus and a release ask a process at its own address, which is none of ALLOWED_HOSTS: answered all the same."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(ADDRESSES):
            request.META["HTTP_HOST"] = urlsplit(settings.BASE_URL).netloc
        return self.get_response(request)


@never_cache
@require_safe
def alive(request: HttpRequest) -> JsonResponse:
    """The process answers. Touches nothing else."""
    return JsonResponse({"vivant": True})


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200 when all that a page needs is there, else 503 with the names of what isn't, and nothing more."""
    checks = {name: _passes(check) for name, check in CHECKS.items()}
    return JsonResponse({"pret": all(checks.values()), **checks}, status=200 if all(checks.values()) else 503)


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


CHECKS: dict[str, Callable[[], bool]] = {
    "base_de_donnees": database_answers,
    "migrations": migrations_are_applied,
    "cache": cache_keeps,
}


def _passes(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except FAILURES:
        return False
