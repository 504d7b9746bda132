"""Mails errors to ADMINS: the same error once an hour at most, with masked personal data, outside the request."""

import hashlib
import logging
import math
import re
import threading
import time
import traceback

from django.conf import settings
from django.core.cache import cache
from django.core.mail import mail_admins

from config.masking import mask

AN_HOUR = 3600
FRAME = re.compile(r'File ".+?", line \d+')


class AdminsHandler(logging.Handler):
    """Logging handler that mails records of level ERROR and above. Two records are of the same error if the same line raised
    the same exception class, or if the same logger wrote the same message."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self._mailed: dict[str, float] = {}

    def emit(self, record: logging.LogRecord) -> None:
        if not settings.ADMINS or threading.current_thread().name == __name__:
            return
        name, now = fault(record), time.monotonic()
        # By this process first: the cache answers yes each time while it is down.
        if now - self._mailed.get(name, -math.inf) < AN_HOUR:
            return
        self._mailed[name] = now
        if not cache.add(f"avis:{name}", 1, AN_HOUR):
            return
        what = record.msg.get("event") if isinstance(record.msg, dict) else record.getMessage()
        # In a thread, since a mail server may take twenty seconds; without the outbox, since the database may be what fails.
        threading.Thread(target=_send, args=(mask(str(what)), self.format(record)), name=__name__).start()


def fault(record: logging.LogRecord) -> str:
    """A digest that is the same for records of the same error."""
    if isinstance(record.msg, dict):  # structlog's: the traceback is text by now
        event = record.msg
        parts = [record.name, str(event.get("event")), str(event.get("error", ""))]
        raised = str(event.get("exception", ""))
    else:
        parts = [record.name, str(record.msg)]
        raised = "".join(traceback.format_exception(record.exc_info[1])) if record.exc_info else ""
    kinds = re.findall(r"^([\w.]+)(?::|$)", raised, re.MULTILINE)
    parts += [*FRAME.findall(raised)[-1:], *kinds[-1:]]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _send(subject: str, text: str) -> None:
    mail_admins(" ".join(subject.split())[:150], text, fail_silently=True)
