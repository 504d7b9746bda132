"""Adds the prizes to the context of a fiche's page, and the palmarès's screens to the admin."""

from wagtail import hooks

from fiches.admin.choosers import approved_fiche_chooser
from fiches.palmares.listing import prizes_of
from fiches.palmares.viewsets import CategorieViewSet, PalmaresViewSet


@hooks.register("register_fiche_context")
def prizes_of_a_fiche(fiche, request):
    """Returns ``{"prix": [Prix]}``, the public prizes of a fiche."""
    return {"prix": prizes_of(fiche)}


@hooks.register("register_admin_viewset")
def palmares_viewsets():
    return [PalmaresViewSet(), CategorieViewSet(), approved_fiche_chooser]
