"""Permissions of the groups on dossiers, calls and tips (see `fiches.moderation.roles`)."""

from fiches.moderation.roles import MODERATION, REDACTION, records

GRANTS = {
    REDACTION: {
        "permissions": [
            *records("candidatures.dossier", "candidatures.signalement", actions=["view", "change"]),
            *records("candidatures.appel", "candidatures.motif"),
            *records("candidatures.confidentialite", actions=["change"]),
        ],
    },
    MODERATION: {
        "permissions": [
            *records("candidatures.dossier", actions=["view", "change"]),
            *records("candidatures.appel", "candidatures.motif", "candidatures.signalement", actions=["view"]),
        ],
    },
}
