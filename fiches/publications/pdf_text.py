"""A script that reads a PDF on standard input and writes its text page by page, until a page fails.

It imports nothing of the project, so that a hostile file can reach no settings, no database and no secret.
"""

import io
import logging
import resource
import sys
from typing import Any

PAGES = 300
SECONDS = 20
MEMORY = 1024 * 1024 * 1024


def write_text(most: Any) -> None:
    """Writes the text to standard output, and stops after the page that exceeds ``most`` characters."""
    from pypdf import PdfReader

    written = 0
    for page in PdfReader(io.BytesIO(sys.stdin.buffer.read())).pages[:PAGES]:
        text = f"{page.extract_text()}\n"
        sys.stdout.buffer.write(text.encode("utf-8", "ignore"))
        sys.stdout.buffer.flush()
        written += len(text)
        if written > most:
            break


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    logging.disable()
    write_text(int(sys.argv[1]))
