"""The road books' models."""

from etapes.carnets.models.carnet import CarnetIndexPage, CarnetPage
from etapes.carnets.models.mailing import Abonne, Diffusion, EtatDeDiffusion, Exemplaire

__all__ = ["Abonne", "CarnetIndexPage", "CarnetPage", "Diffusion", "EtatDeDiffusion", "Exemplaire"]
