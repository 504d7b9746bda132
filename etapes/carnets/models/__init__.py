"""The road books' models."""

from etapes.carnets.models.carnet import CarnetIndexPage, CarnetPage
from etapes.carnets.models.mailing import Diffusion, EtatDeDiffusion, Exemplaire

__all__ = ["CarnetIndexPage", "CarnetPage", "Diffusion", "EtatDeDiffusion", "Exemplaire"]
