"""The fields of a fiche in Wagtail's API v2, for a host that mounts it, taken from the table of fields (`fiches.models.champs`).

Contacts are not among them: they are private without consent, and that API has no way to show a field only with consent.
"""

from wagtail.api import APIField

from fiches.models.champs import champs_with

FICHE = [APIField(champ.name) for champ in champs_with("headless")]
