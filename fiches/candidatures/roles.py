"""Permissions of the groups on dossiers, calls and tips (see `fiches.moderation.roles`)."""

from fiches.moderation.roles import MODERATION, REDACTION, records

GRANTS = {
    REDACTION: {
        "permissions": [
            *records("rallynov_candidatures.dossier", "rallynov_candidatures.signalement", actions=["view", "change"]),
            *records("rallynov_candidatures.appel", "rallynov_candidatures.motif"),
            *records("rallynov_candidatures.confidentialite", actions=["change"]),
        ],
    },
    MODERATION: {
        "permissions": [
            *records("rallynov_candidatures.dossier", actions=["view", "change"]),
            *records(
                "rallynov_candidatures.appel",
                "rallynov_candidatures.motif",
                "rallynov_candidatures.signalement",
                actions=["view"],
            ),
        ],
    },
}
