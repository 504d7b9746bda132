"""A form that comes from an older screen: what it changes was changed by somebody else, or in another tab, since it was shown."""

from collections.abc import Mapping
from typing import Any

# The hidden field with the stamp of what the screen showed, and the status of a refusal.
READ = "lue"
CONFLICT = 409


def is_from_older_screen(data: Mapping[str, Any], stamp: str) -> bool:
    """Whether ``data``, which a form sent, names another state than ``stamp``, the present one. False if it names none."""
    return data.get(READ, stamp) != stamp
