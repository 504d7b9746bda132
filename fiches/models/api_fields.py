"""What Wagtail's own APIs (v2, v3) show of a fiche, for existing headless clients: the fields that the table gives them.

A token writes those that a person types; what follows from them is only read. Contacts are in neither: they are private
until their owner agreed, and these APIs have no place for that.
"""

from wagtail.api import APIField

from fiches.models.champs import saying

TYPED = [champ.name for champ in saying("headless") if champ.headless.is_written]
FOLLOWING = [champ.name for champ in saying("headless") if not champ.headless.is_written]
FICHE = [*(APIField(name, writable=True) for name in TYPED), *map(APIField, FOLLOWING)]
