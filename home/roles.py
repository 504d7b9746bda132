"""Permissions that the site adds to the groups (see `fiches.moderation.roles`)."""

from fiches.moderation.roles import REDACTION, records

GRANTS = {
    REDACTION: {
        "permissions": [
            *records("home.reference"),
            *records("home.navigation", "home.organisme", actions=["change"]),
            *records("wagtailredirects.redirect"),
            "simple_translation.submit_translation",
        ],
        "pages": {"home.homepage": ["add", "change", "publish", "lock", "unlock"]},
    }
}
