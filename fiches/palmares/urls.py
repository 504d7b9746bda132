"""URLs of the jury, outside the admin, to which a juror's account has no access."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from fiches.palmares import jury_views

urlpatterns = [
    path("jury/", jury_views.home, name="jury"),
    path("jury/quitter/", LogoutView.as_view(next_page="/"), name="jury_quitter"),
    path("jury/<int:annee>/", jury_views.edition, name="jury_edition"),
    path("jury/<int:annee>/nom/", jury_views.named, name="jury_nom"),
]
