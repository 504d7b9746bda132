from django.urls import include, path
from monsite.urls import urlpatterns as siennes

from fiches.urls import files_of_pages

urlpatterns = [
    *siennes[:-1],
    path("rallye/", include("fiches.urls")),
    path("rallye/", include("etapes.urls")),
    path("", include(files_of_pages)),
    siennes[-1],  # les pages de Wagtail
]
