"""What diffusion keeps, one file a subject."""

from fiches.diffusion.models.alertes import Annonce, Parution, Rythme, Suivi
from fiches.diffusion.models.chargements import Chargement
from fiches.diffusion.models.traces import Trace
from fiches.diffusion.models.webhooks import Connue, Livraison, Webhook

__all__ = ["Annonce", "Chargement", "Connue", "Livraison", "Parution", "Rythme", "Suivi", "Trace", "Webhook"]
