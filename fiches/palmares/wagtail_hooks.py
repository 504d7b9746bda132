"""What the palmarès adds elsewhere: to a fiche's page, its prizes; to the admin, its screens."""

from wagtail import hooks

from fiches.admin.choosers import approved_fiche_chooser
from fiches.palmares.listing import prizes_of
from fiches.palmares.viewsets import CategorieViewSet, PalmaresViewSet


@hooks.register("register_fiche_context")
def prizes_of_a_fiche(fiche, request):
    """``{"prix": [Prix]}``: those that anyone may know, each of which says itself in words."""
    return {"prix": prizes_of(fiche)}


@hooks.register("register_admin_viewset")
def palmares_viewsets():
    return [PalmaresViewSet(), CategorieViewSet(), approved_fiche_chooser]
