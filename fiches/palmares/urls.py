"""URLs of the jury, outside the admin, to which a juror's account has no access."""

from django.urls import path

from fiches.palmares.views import jury

urlpatterns = [
    path("jury/", jury.home, name="jury"),
    path("jury/quitter/", jury.leave, name="jury_quitter"),
    path("jury/<int:annee>/", jury.edition, name="jury_edition"),
    path("jury/<int:annee>/nom/", jury.named, name="jury_nom"),
]
