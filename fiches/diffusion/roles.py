"""What each group may do with what leaves the site (see `fiches.roles`)."""

from fiches.roles import REDACTION, records

GRANTS = {
    REDACTION: {
        "permissions": [
            *records("diffusion.webhook"),
            *records("diffusion.livraison", actions=["view"]),
        ],
    },
}
