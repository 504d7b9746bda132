"""What étapes add elsewhere: to a fiche's page, the étapes where it is presented; to the admin, their list."""

from wagtail import hooks

from etapes.models import EtapePage
from etapes.viewsets import EtapeListingViewSet
from fiches.dependances import ETAPES, shows


@hooks.register("register_fiche_context")
def etapes_of_a_fiche(fiche, request):
    """``{"etapes": [EtapePage]}``: the visible étapes that present ``fiche``, in road order."""
    shows(ETAPES)
    if not fiche.pk:  # a new fiche, previewed before it is saved
        return {"etapes": []}
    etapes = EtapePage.objects.visible().filter(presentations__fiche=fiche).on_the_road()
    return {"etapes": list(etapes.select_related("commune"))}


@hooks.register("pages_also_edited_by")
def etapes_that_they_organise(user):
    """The étapes of which one of the person's partners is an organiser."""
    return EtapePage.objects.filter(organisations__partenaire__membres=user).distinct()


@hooks.register("register_admin_viewset")
def etapes_of_the_road():
    return EtapeListingViewSet("etapes_admin")
