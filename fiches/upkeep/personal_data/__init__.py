"""Personal data: which columns can hold them, how a person is erased from each, and the export of a person's data.

Each app declares its columns in its module ``personal_data``, imported at start. ``tests/test_personal_data.py`` fails for a text
column of an installed app that isn't declared.
"""

from fiches.upkeep.personal_data.person import ERASED, WHOLE_ERASED, Person
from fiches.upkeep.personal_data.registry import by_hand, contact, derived, mentions, not_personal, owned, rows

__all__ = [
    "ERASED", "WHOLE_ERASED", "Person", "by_hand", "contact", "derived", "mentions", "not_personal", "owned", "rows",
]  # fmt: skip
