"""The road books' models."""

from etapes.carnets.models.envois import Abonne, Diffusion, EtatDeDiffusion, Exemplaire
from etapes.carnets.models.pages import CarnetIndexPage, CarnetPage

__all__ = ["Abonne", "CarnetIndexPage", "CarnetPage", "Diffusion", "EtatDeDiffusion", "Exemplaire"]
