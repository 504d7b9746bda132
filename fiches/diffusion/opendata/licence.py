"""The licence of the open data, and the attribution that reusers must give."""

from django.conf import settings
from django.utils.translation import gettext as _

from fiches.territoire.territory import territory_words

NAME = "Licence Ouverte 2.0"
URL = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"
LICENCE = f"{NAME} ({URL})"


def attribution() -> str:
    """Returns the attribution that reusers of the data must give."""
    return _("%(site)s, hunt for social innovations %(in_territory)s") % {
        "site": settings.WAGTAIL_SITE_NAME,
        **territory_words(),
    }
