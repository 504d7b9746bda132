"""Permissions that the road books add to the groups (see `fiches.moderation.roles`). Staff who write road books send them."""

from fiches.moderation.roles import REDACTION, records

GRANTS = {
    REDACTION: {
        "permissions": [
            *records("rallynov_carnets.diffusion", actions=["view", "add"]),
        ],
        "pages": {"rallynov_carnets.carnetindexpage": ["add", "change", "publish", "lock", "unlock"]},
    }
}
