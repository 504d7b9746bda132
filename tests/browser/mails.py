"""The mails that the site of the browser's tests sends: kept in files, as they would leave."""

import time
from email import message_from_bytes, policy

BETWEEN = b"-" * 79


def mail_to(server, courriel, wanted):
    """The last mail to ``courriel`` whose plain text has ``wanted``; the worker sends it within seconds."""
    for _attempt in range(300):
        for message in mails(server):
            if message["To"] == courriel and wanted in plain_text(message):
                return message
        time.sleep(0.2)
    raise AssertionError("no mail came")


def text_to(server, courriel, wanted):
    return plain_text(mail_to(server, courriel, wanted))


def mails(server):
    """All of them, the last first."""
    for file in sorted((server.folder / "mails").iterdir(), reverse=True):
        for content in reversed(file.read_bytes().split(BETWEEN)):
            if content.strip():
                yield message_from_bytes(content.lstrip(), policy=policy.default)


def plain_text(message):
    part = message.get_body(("plain",))
    return part.get_content() if part else ""
