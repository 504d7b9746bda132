"""Addresses of `fiches`. A host includes them before Wagtail's own."""

from django.apps import apps
from django.urls import URLPattern, URLResolver, include, path, re_path
from wagtail.views import serve

from fiches.forms.private_address import copied_link
from fiches.publications.conditional import shared
from fiches.territoire import lookup_views

FILE_OF_A_PAGE = r"^((?:[\w\-]+/)+[\w\-]+\.(?:atom|geojson|ics|json|jsonld|md|pdf|png|csv|xlsx|bib|ris))$"
"""`/fiches/<slug>/fiche.pdf`, `/etapes/calendrier.ics`…: routes of pages, which Wagtail's pattern leaves out for
their full stop. Any site may read them."""

one_in_all_languages: list[URLPattern | URLResolver] = [
    path("communes.json", lookup_views.communes, name="communes"),
    *([path("", include("fiches.palmares.urls"))] if apps.is_installed("fiches.palmares") else []),
    *([path("", include("fiches.diffusion.urls"))] if apps.is_installed("fiches.diffusion") else []),
]
one_a_language: list[URLPattern | URLResolver] = [
    copied_link,  # before those that tell of a link which was cut
    *([path("", include("fiches.candidatures.urls"))] if apps.is_installed("fiches.candidatures") else []),
    *([path("", include("fiches.diffusion.urls_par_langue"))] if apps.is_installed("fiches.diffusion") else []),
    # The last, since it matches widely.
    re_path(FILE_OF_A_PAGE, shared(serve), name="fichier_de_page"),
]
"""What a site in several languages puts into ``i18n_patterns``."""

urlpatterns = [*one_in_all_languages, *one_a_language]
