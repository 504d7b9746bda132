"""E-mail backend that prints mails readably in the terminal of `make run`."""

from email.header import decode_header, make_header

from django.core.mail.backends import console
from django.core.mail.message import EmailMessage

WIDTH = 72


class EmailBackend(console.EmailBackend):
    def write_message(self, message: EmailMessage) -> None:
        lines = [
            f"── Courriel {'─' * (WIDTH - 12)}",
            f"À : {', '.join(message.recipients())}",
            f"Objet : {make_header(decode_header(str(message.subject)))}",
            *([f"Pièces jointes : {', '.join(names)}"] if (names := _attached(message)) else []),
            "",
            str(message.body).strip(),
            "─" * WIDTH,
            "",
        ]
        self.stream.write("\n".join(lines))


def _attached(message: EmailMessage) -> list[str]:
    return [str(each.filename) for each in message.attachments if getattr(each, "filename", None)]
