"""Logs that a person or a machine can read, and that say nothing of who visits.

No address, no query string, no browser name, no account, no secret of a link; an e-mail that an error message quotes is
masked.
"""

import logging
import re
from http import HTTPStatus
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse
from django_structlog.middlewares import RequestMiddleware

EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
ADDRESS = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b")
# A link's secret: long, and with capitals or a colon, or hexadecimal (a new password's after its date). A slug has none of these.
SECRET = re.compile(r"(?=[\w:.=-]{16,})(?:[\w.=-]*[A-Z:][\w:.=-]*|[0-9a-f-]{32,}|[0-9a-z]{4,9}-[0-9a-f]{32})")

ALIVE = "/sante/vivant"


def path_without_secrets(path: str) -> str:
    return "/".join("…" if SECRET.fullmatch(part) else part for part in path.split("/"))


class RequestLogMiddleware(RequestMiddleware):
    """One line a request: method, path, status. Varnish asks each second whether the process is alive: a yes has none."""

    def handle_response(self, request: HttpRequest, response: HttpResponse) -> None:
        if request.path == ALIVE and response.status_code == HTTPStatus.OK:
            structlog.contextvars.clear_contextvars()
        else:
            super().handle_response(request, response)

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        return f"{request.method} {path_without_secrets(request.path)}"


def without_personal_data(logger: Any, name: str, event: dict[str, Any]) -> dict[str, Any]:
    event.pop("user_agent", None)
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = ADDRESS.sub("[adresse]", EMAIL.sub("[courriel]", value))
    return event


BEFORE: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.stdlib.ExtraAdder(),
    structlog.processors.TimeStamper(fmt="iso"),
    structlog.processors.StackInfoRenderer(),
    structlog.processors.format_exc_info,
    without_personal_data,
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
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "structured", "level": level}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Said once, by the request's own line.
            "django.request": {"level": logging.CRITICAL},
            "django.server": {"handlers": [], "propagate": False},
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            "fontTools": {"level": "WARNING"},
            "weasyprint": {"level": "ERROR"},
        },
    }
