"""Models of this app: webhooks, loads of the embeds."""

from fiches.diffusion.models.chargements import Chargement
from fiches.diffusion.models.webhooks import Livraison, Webhook

__all__ = ["Chargement", "Livraison", "Webhook"]
