"""Personal data: which columns can hold them, how a person is erased from each, and the export of a person's data.

Each app declares its columns in its module ``personal_data``, imported at start. ``tests/test_personal_data.py`` fails for a text
column of an installed app that isn't declared.
"""

from fiches.upkeep.personal_data.person import Person
from fiches.upkeep.personal_data.reading import ERASED
from fiches.upkeep.personal_data.registry import by_hand, contact, derived, labels, mentions, not_personal, owned, rows

__all__ = ["ERASED", "Person", "by_hand", "contact", "derived", "labels", "mentions", "not_personal", "owned", "rows"]
