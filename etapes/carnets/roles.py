"""What the road books add to the groups' rights (see `fiches.moderation.roles`). Who writes an issue sends it; subscribers can be
seen and taken off, never added: they alone subscribe."""

from fiches.moderation.roles import REDACTION, records

GRANTS = {
    REDACTION: {
        "permissions": [
            *records("carnets.abonne", actions=["view", "delete"]),
            *records("carnets.diffusion", actions=["view", "add"]),
        ],
        "pages": {"carnets.carnetindexpage": ["add", "change", "publish", "lock", "unlock"]},
    }
}
