"""What Wagtail's own APIs (v2, v3) show of a fiche, for existing headless clients: public fields, listed one by one."""

from wagtail.api import APIField

FICHE = [
    APIField(name)
    for name in [
        "organisation",
        "chapo",
        "corps",
        "photo",
        "photo_alt",
        "logo",
        "logo_alt",
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
        "adresse",
        "code_postal",
        "departement",
        "latitude",
        "longitude",
        "precision",
    ]
]
