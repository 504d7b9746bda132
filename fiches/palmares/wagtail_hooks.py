"""Adds the prizes to the context of a fiche's page, and the palmarès's screens to the admin."""

from typing import TYPE_CHECKING

from django.http import HttpRequest
from wagtail import hooks

from fiches.palmares.desk import CategorieViewSet, PalmaresViewSet
from fiches.palmares.listing import prizes_of

if TYPE_CHECKING:
    from fiches.models import FichePage
    from fiches.palmares.models import Prix


@hooks.register("register_fiche_context")
def prizes_of_a_fiche(fiche: "FichePage", request: HttpRequest) -> "dict[str, list[Prix]]":
    """Returns ``{"prix": [Prix]}``, the public prizes of a fiche."""
    return {"prix": prizes_of(fiche)}


@hooks.register("register_admin_viewset")
def palmares_viewsets() -> "list[CategorieViewSet | PalmaresViewSet]":
    return [PalmaresViewSet(), CategorieViewSet()]
