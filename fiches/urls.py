"""URL patterns of `fiches`. A host includes them before Wagtail's own."""

from django.apps import apps
from django.urls import URLPattern, URLResolver, include, path, re_path
from wagtail.views import serve

from fiches.mail import subscriptions
from fiches.publications.responses import shared, versioned
from fiches.territoire import lookup_views

# Routes of pages that end in a file name, such as `/fiches/<slug>/fiche.pdf` or `/etapes/calendrier.ics`: Wagtail's own pattern
# accepts no full stop.
FILE_OF_A_PAGE = r"^((?:[\w\-]+/)*[\w\-]+\.(?:atom|geojson|ics|json|pdf|csv|bib))$"

# A site that includes `fiches.urls` at a prefix includes these where it includes Wagtail's own URLs, just before them.
files_of_pages = [re_path(FILE_OF_A_PAGE, shared(serve), name="fichier_de_page")]

# Addresses without a language prefix.
one_in_all_languages: list[URLPattern | URLResolver] = [
    path("communes.json", lookup_views.communes, name="communes"),
    path("territoire/departements.geojson", shared(versioned(lookup_views.departement_outlines)), name="contours"),
    path("territoire/communes.json", shared(versioned(lookup_views.borders)), name="limites"),
    path("territoire/villes.json", shared(versioned(lookup_views.towns)), name="villes"),
    *([path("", include("fiches.palmares.urls"))] if apps.is_installed("fiches.palmares") else []),
    *([path("", include("fiches.diffusion.urls"))] if apps.is_installed("fiches.diffusion") else []),
]
# Addresses with a language prefix: a site in several languages puts them into ``i18n_patterns``.
one_a_language: list[URLPattern | URLResolver] = [
    *subscriptions.urlpatterns,
    *([path("", include("fiches.candidatures.urls"))] if apps.is_installed("fiches.candidatures") else []),
    *(
        [path("integration/", include("fiches.diffusion.embeds.builder"))]
        if apps.is_installed("fiches.diffusion")
        else []
    ),
    # The last, since it matches widely.
    *files_of_pages,
]

urlpatterns = [*one_in_all_languages, *one_a_language]
