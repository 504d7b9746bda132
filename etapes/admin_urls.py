"""URLs of the organisers' screens in the admin: registrations, publication, duplication, PDF files."""

from django.apps import apps
from django.urls import path

from etapes.inscriptions import equipe, publication

STAGE = "etapes/<int:pk>/"
PEOPLE = f"{STAGE}inscriptions/"

urlpatterns = [
    path(PEOPLE, equipe.index, name="etapes_inscriptions"),
    path(f"{PEOPLE}inscriptions.csv", equipe.as_csv, name="etapes_inscriptions_csv"),
    path(f"{PEOPLE}ajouter/", equipe.add, name="etapes_inscriptions_ajouter"),
    path(f"{PEOPLE}message/", equipe.write_announcement, name="etapes_inscriptions_message"),
    path(f"{PEOPLE}<int:inscription>/<slug:verbe>/", equipe.act, name="etapes_inscriptions_agir"),
    path(f"{STAGE}publier/", publication.publish, name="etapes_publier"),
    path(f"{STAGE}retablir/", publication.undo, name="etapes_retablir"),
    path(f"{STAGE}dupliquer/", equipe.duplicate, name="etapes_dupliquer"),
    path("etapes/arrivee/<uuid:cle>/", equipe.check_in, name="etapes_arrivee"),
]
if apps.is_installed("fiches.diffusion"):
    from etapes.kit import vues

    urlpatterns += [
        path(f"{STAGE}kit.pdf", vues.whole, name="etapes_kit"),
        path(f"{STAGE}emargement.pdf", vues.sign_in_sheet, name="etapes_emargement"),
        path(f"{STAGE}affiche.pdf", vues.poster, name="etapes_affiche"),
    ]
