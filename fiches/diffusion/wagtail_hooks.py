"""What this room asks of Wagtail."""

from wagtail import hooks

from fiches.diffusion import cartes_sociales
from fiches.diffusion.jetons import SubmitChangedFiche, SubmitNewFiche
from fiches.diffusion.webhooks.ecrans import WebhookViewSetGroup
from fiches.models import FichePage


@hooks.register("register_actions")
def submit_what_tokens_write(registry):
    registry.register(FichePage, SubmitNewFiche)
    registry.register(FichePage, SubmitChangedFiche)


@hooks.register("register_admin_viewset")
def webhooks():
    return WebhookViewSetGroup()


@hooks.register("register_fiche_context")
def social_card(fiche, request):
    """``carte_sociale``: the picture that social networks show of a fiche."""
    return {"carte_sociale": cartes_sociales.described(fiche)}
