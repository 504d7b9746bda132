"""Models of this app: alerts, webhooks, loads of the embeds."""

from fiches.diffusion.models.alertes import FicheAnnoncee, Rythme, Suivi
from fiches.diffusion.models.chargements import Chargement
from fiches.diffusion.models.webhooks import Connue, Livraison, Webhook

__all__ = ["FicheAnnoncee", "Chargement", "Connue", "Livraison", "Rythme", "Suivi", "Webhook"]
