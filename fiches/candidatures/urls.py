"""URLs of the dossiers and the tips. Views of a secret link are decorated by `views.private_link.with_dossier`."""

from collections.abc import Callable

from django.http import HttpResponse
from django.urls import path, re_path, register_converter
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView

from fiches.candidatures.views import (
    dossier,
    private_link,
    signalement,
    start,
    steps,
    team_messages,
)
from fiches.forms.private_address import LENGTH, SecretConverter

register_converter(SecretConverter, "secret")

DOSSIER = "candidature/<secret:secret>/"
# A secret that a mail program truncated or lengthened. A whole one without its last slash is still redirected (APPEND_SLASH).
CUT_LINK = rf"^candidature/(?!lien-envoye/?$|[A-Za-z0-9_-]{{{LENGTH}}}(?:/|$)).+$"


def page(template: str) -> Callable[..., HttpResponse]:
    """A page of fixed text."""
    return never_cache(TemplateView.as_view(template_name=f"candidatures/{template}.html"))


urlpatterns = [
    path("candidature/", start.start, name="candidature"),
    path("candidature/lien-envoye/", page("lien_envoye"), name="candidature_lien_envoye"),
    path(DOSSIER, dossier.home, name="candidature_dossier"),
    path(f"{DOSSIER}relecture/", dossier.review, name="candidature_relecture"),
    path(f"{DOSSIER}apercu/", dossier.preview, name="candidature_apercu"),
    path(f"{DOSSIER}envoyer/", dossier.send, name="candidature_envoyer"),
    path(f"{DOSSIER}retirer/", dossier.withdraw, name="candidature_retirer"),
    path(f"{DOSSIER}consentements/", dossier.consents, name="candidature_consentements"),
    path(f"{DOSSIER}messages/", team_messages.ask, name="candidature_messages"),
    path(f"{DOSSIER}bon-a-tirer/", team_messages.proof, name="candidature_bon_a_tirer"),
    path(f"{DOSSIER}fichier/<uuid:cle>/", private_link.serve, name="candidature_fichier"),
    path(f"{DOSSIER}image/<int:pk>/", private_link.picture, name="candidature_image"),
    path(f"{DOSSIER}<slug:cle>/", steps.step, name="candidature_etape"),
    re_path(CUT_LINK, private_link.unknown_link, name="candidature_lien_coupe"),
    path("signaler/", signalement.tip, name="signaler"),
    path("signaler/merci/", page("signaler_merci"), name="signaler_merci"),
]
