"""The fields of a fiche in Wagtail's own APIs (v2 and v3), taken from the table of fields (`fiches.models.champs`).

A token may write the fields that a person types; derived fields are read-only. Contacts are in neither API: they are private
without consent, and these APIs have no way to show a field only with consent.
"""

from wagtail.api import APIField

from fiches.models.champs import champs_with

WRITABLE = [champ.name for champ in champs_with("headless") if champ.headless.is_written]
DERIVED = [champ.name for champ in champs_with("headless") if not champ.headless.is_written]
FICHE = [*(APIField(name, writable=True) for name in WRITABLE), *map(APIField, DERIVED)]
