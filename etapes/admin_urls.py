"""URLs of the organisers' screens in the admin: registrations, publication, duplication, PDF files."""

from django.apps import apps
from django.urls import path

from etapes import report_writing
from etapes.inscriptions import change_confirmation, organiser_views

STAGE = "etapes/<int:pk>/"
PEOPLE = f"{STAGE}inscriptions/"

urlpatterns = [
    path("etapes/comptes-rendus/", report_writing.index, name="etapes_comptes_rendus"),
    path("etapes/comptes-rendus/<int:pk>/", report_writing.write, name="etapes_compte_rendu"),
    path(PEOPLE, organiser_views.index, name="etapes_inscriptions"),
    path(f"{PEOPLE}results/", organiser_views.index_results, name="etapes_inscriptions_results"),
    path(f"{PEOPLE}message/", organiser_views.write_announcement, name="etapes_inscriptions_message"),
    path(
        f"{PEOPLE}<int:inscription>/<slug:verbe>/", organiser_views.change_registration, name="etapes_inscriptions_agir"
    ),
    path(f"{STAGE}publier/", change_confirmation.confirm, name="etapes_publier"),
    path(f"{STAGE}approuver/<int:tache>/", change_confirmation.confirm, name="etapes_approuver"),
    path(f"{STAGE}dupliquer/", organiser_views.duplicate, name="etapes_dupliquer"),
    path("etapes/arrivee/<uuid:cle>/", organiser_views.check_in, name="etapes_arrivee"),
]
if apps.is_installed("fiches.diffusion"):
    from etapes import kit

    urlpatterns += [
        path(f"{STAGE}kit.pdf", kit.whole, name="etapes_kit"),
        path(f"{STAGE}emargement.pdf", kit.sign_in_sheet, name="etapes_emargement"),
    ]
