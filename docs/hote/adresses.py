from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from fiches import urls as fiches_urls

urlpatterns = [
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("rallye/", include("fiches.urls")),
    path("rallye/", include("etapes.urls")),
    path("", include(fiches_urls.files_of_pages)),
    path("", include(wagtail_urls)),
]
