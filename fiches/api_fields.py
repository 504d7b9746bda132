"""What Wagtail's own APIs (v2, v3) show of a fiche, for existing headless clients: public fields, listed one by one.

A token writes those that a person types; what follows from them is only read. Contacts are in neither: they are private
until their owner agreed, and these APIs have no place for that.
"""

from wagtail.api import APIField

TYPED = [
    "organisation",
    "chapo",
    "corps",
    "photo",
    "photo_alt",
    "photo_decorative",
    "logo",
    "logo_alt",
    "logo_decorative",
    "activite",
    "naf",
    "naf_2025",
    "statut",
    "effectif",
    "sphere",
    "siret",
    "site",
    "edition",
    "exemple",
    "criteres",
    "mots_cles",
    "partenaire",
    "adresse",
    "code_postal",
    "commune",
    "point",
    "sans_localisation",
]
FOLLOWING = ["departement", "latitude", "longitude", "precision"]
FICHE = [*(APIField(name, writable=True) for name in TYPED), *map(APIField, FOLLOWING)]
