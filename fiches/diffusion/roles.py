"""Permissions of each group in this app (see `fiches.moderation.roles`)."""

from fiches.moderation.roles import MODERATION, REDACTION, records

WEBHOOKS = [*records("diffusion.webhook"), *records("diffusion.livraison", actions=["view"])]
PORTEE = records("diffusion.chargement", actions=["view"])

GRANTS = {
    REDACTION: {"permissions": [*WEBHOOKS, *PORTEE]},
    MODERATION: {"permissions": PORTEE},
}
