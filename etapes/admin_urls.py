"""URLs of the organisers' screens in the admin: registrations, publication, PDF files."""

from django.apps import apps
from django.urls import path

from etapes.inscriptions import change_confirmation, organiser_views

STAGE = "etapes/<int:pk>/"
PEOPLE = f"{STAGE}inscriptions/"

urlpatterns = [
    path(PEOPLE, organiser_views.index, name="etapes_inscriptions"),
    path(f"{PEOPLE}results/", organiser_views.index_results, name="etapes_inscriptions_results"),
    path(f"{PEOPLE}message/", organiser_views.write_announcement, name="etapes_inscriptions_message"),
    path(
        f"{PEOPLE}<int:inscription>/<slug:verbe>/", organiser_views.change_registration, name="etapes_inscriptions_agir"
    ),
    path(f"{STAGE}publier/", change_confirmation.confirm, name="etapes_publier"),
    path(f"{STAGE}approuver/<int:tache>/", change_confirmation.confirm, name="etapes_approuver"),
    path("etapes/arrivee/<uuid:cle>/", organiser_views.check_in, name="etapes_arrivee"),
]
if apps.is_installed("fiches.diffusion"):
    from etapes import kit

    urlpatterns += [
        path(f"{STAGE}kit.pdf", kit.whole, name="etapes_kit"),
        path(f"{STAGE}emargement.pdf", kit.sign_in_sheet, name="etapes_emargement"),
    ]
