"""Faults are mailed to ADMINS: each one once an hour at most, masked as the log is, and never in a visitor's time."""

import hashlib
import logging
import re
import threading
import time
import traceback

from django.conf import settings
from django.core.cache import cache
from django.core.mail import mail_admins

from config.masques import mask

AN_HOUR = 3600
FRAME = re.compile(r'File ".+?", line \d+')
# Faults that one process remembers; the oldest go first.
MOST = 200


class AdminsHandler(logging.Handler):
    """Mails records of level error and above. Two records are of one fault when the same code raised the same kind of error,
    or when the same logger said the same thing."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self._told: dict[str, float] = {}

    def emit(self, record: logging.LogRecord) -> None:
        if not settings.ADMINS or threading.current_thread().name == __name__ or not self._is_new(fault(record)):
            return
        what = record.msg.get("event") if isinstance(record.msg, dict) else record.getMessage()
        # Not in the request: a mail server may take twenty seconds, and the outbox needs the database, which may be the fault.
        threading.Thread(target=_send, args=(mask(str(what)), self.format(record)), name=__name__).start()

    def _is_new(self, name: str) -> bool:
        """The shared cache counts for all processes; this process for itself, since the cache may be what fails."""
        now = time.monotonic()
        if now - self._told.get(name, -AN_HOUR) < AN_HOUR:
            return False
        self._told.pop(name, None)
        self._told[name] = now
        while len(self._told) > MOST:
            self._told.pop(next(iter(self._told)))
        return bool(cache.add(f"avis:{name}", 1, AN_HOUR))


def fault(record: logging.LogRecord) -> str:
    """What stays the same when the same fault comes again."""
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
