"""Permissions of each group in this app (see `fiches.moderation.roles`)."""

from fiches.moderation.roles import MODERATION, REDACTION, records

WEBHOOKS = [*records("rallynov_diffusion.webhook"), *records("rallynov_diffusion.livraison", actions=["view"])]
PORTEE = records("rallynov_diffusion.chargement", actions=["view"])

GRANTS = {
    REDACTION: {"permissions": [*WEBHOOKS, *PORTEE]},
    MODERATION: {"permissions": PORTEE},
}
