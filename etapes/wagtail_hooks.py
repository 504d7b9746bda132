"""What étapes add elsewhere: to a fiche's page, the étapes where it is presented."""

from wagtail import hooks

from etapes.models import EtapePage


@hooks.register("register_fiche_context")
def etapes_of_a_fiche(fiche, request):
    """``{"etapes": [EtapePage]}``: the visible étapes that present ``fiche``, in road order."""
    etapes = EtapePage.objects.visible().filter(presentations__fiche=fiche).on_the_road()
    return {"etapes": list(etapes.select_related("commune"))}
