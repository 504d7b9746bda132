"""What leaves for a spreadsheet: no cell that it would run."""

import re

FORMULA = re.compile(r"^\s*[=+\-@\t\r\n|%＝＋－＠]")
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def harmless(value):
    """A text that no spreadsheet takes for a formula; numbers, truths and blanks stay what they are."""
    if not isinstance(value, str):
        return value
    text = CONTROLS.sub("", value)
    return f"'{text}" if FORMULA.match(text) else text
