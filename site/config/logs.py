"""Logging to stderr (structlog), as text or JSON, without personal data.

No user agent, query string or account is logged, and :mod:`config.masking` masks each record of every logger as it is
written.
"""

import logging
from http import HTTPStatus
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse
from django_structlog.middlewares import RequestMiddleware

from config.masking import masked

ALIVE = "/sante/vivant"


class RequestLogMiddleware(RequestMiddleware):
    """Logs one line per request: method, path, status. A successful liveness check, which a monitor makes each second, is not
    logged."""

    def handle_response(self, request: HttpRequest, response: HttpResponse) -> None:
        if request.path == ALIVE and response.status_code == HTTPStatus.OK:
            structlog.contextvars.clear_contextvars()
        else:
            super().handle_response(request, response)

    def _process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Logs an outage of the database or the storage as one line without traceback, since it is no fault of the code."""
        from config.errors import is_outage

        if not is_outage(exception):
            super()._process_exception(request, exception)
            return
        setattr(request, "_raised_exception", exception)  # noqa: B010 - the library's own attribute
        structlog.get_logger(__name__).error(
            "outage", error=type(exception).__name__, code=503, request=self.format_request(request)
        )

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        return f"{request.method} {request.path}"


def without_security_traceback(logger: Any, name: str, event: dict[str, Any]) -> dict[str, Any]:
    """Removes the traceback of a request that Django refuses (``django.security``)."""
    if str(event.get("logger", "")).startswith("django.security"):
        event.pop("exc_info", None)
    return event


def without_browser(logger: Any, name: str, event: dict[str, Any]) -> dict[str, Any]:
    event.pop("user_agent", None)
    return event


def without_personal_data(logger: Any, name: str, event: dict[str, Any]) -> dict[str, Any]:
    """Masks the whole record. Last processor before rendering: message, arguments, extra values and traceback are in it."""
    return masked(event)


PROCESSORS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.stdlib.ExtraAdder(),
    structlog.processors.TimeStamper(fmt="iso"),
    structlog.processors.StackInfoRenderer(),
    without_security_traceback,
    structlog.processors.format_exc_info,
    without_browser,
]

# A record that can't be formatted is dropped: its arguments, which may be personal data, are not shown.
logging.raiseExceptions = False
structlog.configure(
    processors=[structlog.stdlib.filter_by_level, *PROCESSORS, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
    cache_logger_on_first_use=True,
)


def logging_config(*, as_json: bool, level: str = "INFO") -> dict[str, Any]:
    """A LOGGING setting that sends everything to stderr, as JSON or text, and errors to ADMINS."""
    renderer: Any = structlog.dev.ConsoleRenderer(colors=False)
    if as_json:
        renderer = structlog.processors.JSONRenderer(ensure_ascii=False)
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structured": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": PROCESSORS,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    without_personal_data,
                    renderer,
                ],
            }
        },
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": "structured", "level": level},
            "admins": {"()": "config.error_mails.AdminsHandler", "formatter": "structured"},
        },
        "root": {"handlers": ["stderr", "admins"], "level": level},
        "loggers": {
            # Already in the request's line.
            "django.request": {"level": logging.CRITICAL},
            # A wrong host is in the request's line, as 400.
            "django.security.DisallowedHost": {"level": logging.CRITICAL},
            "django.server": {"handlers": [], "propagate": False},
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            # Once the site is loaded, gunicorn's lines are masked like the others.
            "gunicorn.access": {"handlers": [], "propagate": True},
            "gunicorn.error": {"handlers": [], "propagate": True},
            "fontTools": {"level": "WARNING"},
            "weasyprint": {"level": "ERROR"},
        },
    }
