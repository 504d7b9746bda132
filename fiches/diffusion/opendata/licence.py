"""The licence of the open data, and the attribution that reusers must give."""

from django.conf import settings

NAME = "Licence Ouverte 2.0"
URL = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"
LICENCE = f"{NAME} ({URL})"


def attribution() -> str:
    """Returns the attribution that reusers of the data must give: the site's name."""
    return str(settings.WAGTAIL_SITE_NAME)
