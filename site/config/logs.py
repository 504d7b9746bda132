"""Logs that a person or a machine can read, and that say nothing of who visits.

No browser name, no query string, no account; :mod:`config.masques` takes the rest out of each record as it is written,
whatever logger it came from.
"""

import logging
import sys
from http import HTTPStatus
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse
from django_structlog.middlewares import RequestMiddleware

from config.masques import masked

ALIVE = "/sante/vivant"


class RequestLogMiddleware(RequestMiddleware):
    """One line a request: method, path, status. Varnish asks each second whether the process is alive: a yes has none."""

    def handle_response(self, request: HttpRequest, response: HttpResponse) -> None:
        if request.path == ALIVE and response.status_code == HTTPStatus.OK:
            structlog.contextvars.clear_contextvars()
        else:
            super().handle_response(request, response)

    def _process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """An outage of the database or of the files has one line without a traceback: nothing in the code is to be mended."""
        from config.errors import is_outage

        if not is_outage(exception):
            super()._process_exception(request, exception)
            return
        setattr(request, "_raised_exception", exception)  # noqa: B010 - where the library looks for it
        structlog.get_logger(__name__).error(
            "outage", error=type(exception).__name__, code=503, request=self.format_request(request)
        )

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        return f"{request.method} {request.path}"


class StandardErrorHandler(logging.StreamHandler):
    """Writes to stderr. A record that can't be formatted is reported without its arguments, which Python would print."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        error = sys.exc_info()[1]
        sys.stderr.write(f"A record of {record.name} could not be written: {type(error).__name__}\n")


def without_refusal_s_traceback(logger: Any, name: str, event: dict[str, Any]) -> dict[str, Any]:
    """What a visitor sent is refused in one line: where Django looked at it is no news."""
    if str(event.get("logger", "")).startswith("django.security"):
        event.pop("exc_info", None)
    return event


def without_browser(logger: Any, name: str, event: dict[str, Any]) -> dict[str, Any]:
    event.pop("user_agent", None)
    return event


def without_personal_data(logger: Any, name: str, event: dict[str, Any]) -> dict[str, Any]:
    """The last step before a record is written: message, arguments, extra values, traceback, all are text by then."""
    return masked(event)


BEFORE: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.stdlib.ExtraAdder(),
    structlog.processors.TimeStamper(fmt="iso"),
    structlog.processors.StackInfoRenderer(),
    without_refusal_s_traceback,
    structlog.processors.format_exc_info,
    without_browser,
]

structlog.configure(
    processors=[*BEFORE, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
    cache_logger_on_first_use=True,
)


def logging_config(*, as_json: bool, level: str = "INFO") -> dict[str, Any]:
    """A LOGGING setting that sends everything to stderr, as JSON or as text."""
    renderer: Any = structlog.dev.ConsoleRenderer(colors=False)
    if as_json:
        renderer = structlog.processors.JSONRenderer(ensure_ascii=False)
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structured": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": BEFORE,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    without_personal_data,
                    renderer,
                ],
            }
        },
        "handlers": {
            "stderr": {"()": StandardErrorHandler, "formatter": "structured", "level": level},
            "admins": {"()": "config.avis.AdminsHandler", "formatter": "structured"},
        },
        "root": {"handlers": ["stderr", "admins"], "level": level},
        "loggers": {
            # Said once, by the request's own line.
            "django.request": {"level": logging.CRITICAL},
            # A wrong host, too: the line says 400.
            "django.security.DisallowedHost": {"level": logging.CRITICAL},
            "django.server": {"handlers": [], "propagate": False},
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            # Once the site is loaded, the application server's lines are written and masked like the others.
            "gunicorn.access": {"handlers": [], "propagate": True},
            "gunicorn.error": {"handlers": [], "propagate": True},
            "fontTools": {"level": "WARNING"},
            "weasyprint": {"level": "ERROR"},
        },
    }
