"""What leaves for a spreadsheet: no cell that it would run."""

import csv
import io
import re
from collections.abc import Iterable, Iterator

FORMULA = re.compile(r"^\s*[=+\-@\t\r\n|%＝＋－＠]")
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def harmless(value):
    """A text that no spreadsheet takes for a formula; numbers, truths and blanks stay what they are."""
    if not isinstance(value, str):
        return value
    text = CONTROLS.sub("", value)
    return f"'{text}" if FORMULA.match(text) else text


def csv_lines(rows: Iterable[list[str]]) -> Iterator[bytes]:
    """A CSV file line by line, with the mark by which Excel reads UTF-8, and the separator that it takes in French."""
    line = io.StringIO(newline="")
    writer = csv.writer(line, delimiter=";")
    mark = "\ufeff"
    for row in rows:
        writer.writerow(row)
        yield (mark + line.getvalue()).encode()
        mark = ""
        line.seek(0)
        line.truncate()
