"""URLs of this app that exist in each language of the site; `fiches.urls` includes them.

The embeds that the builder produces have one URL each, with the language in its query string.
"""

from django.urls import path

from fiches.diffusion.embeds import builder

urlpatterns = [
    path("integration/", builder.builder, name="integration"),
]
