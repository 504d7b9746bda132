"""Which columns can hold personal data, how each forgets a person, and what is held of one.

Each app declares its columns in its module ``personal_data``, which Django imports at start. ``tests/test_personal_data.py``
fails for a text column of any installed app that no module declares.
"""

from fiches.upkeep.personal_data.registry import by_hand, contact, derived, labels, mentions, not_personal, owned, rows
from fiches.upkeep.personal_data.words import ERASED, Person

__all__ = ["ERASED", "Person", "by_hand", "contact", "derived", "labels", "mentions", "not_personal", "owned", "rows"]
