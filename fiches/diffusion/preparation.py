"""What readers will ask for, made before they do: the PDF, the card and the picture sizes of the fiches published last."""

import logging

import orjson
from wagtail.images.models import Filter

from fiches import langues
from fiches.diffusion import cartes_sociales, journal, pdf
from fiches.diffusion.images import SIZES
from fiches.models import FichePage
from fiches.turns import Busy

logger = logging.getLogger(__name__)
PHOTO = (*SIZES.values(), "format-{webp,jpeg}|width-{400,800,1216}", "format-webp|fill-{360x240,720x480}")
LOGO = (*SIZES.values(), "format-{webp,png}|max-600x300", "format-{webp,png}|max-{300x160,600x320}")
"""The sizes of the API, then those of a fiche's page and of its card in lists, as the templates write them."""
AT_ONCE = 20
"""Fiches looked at each time; what they have already is not made again."""


def prepare():
    """Periodic work: returns how many fiches have all that is asked of them."""
    latest = FichePage.objects.visible().order_by("-last_published_at").select_related("photo", "logo", "commune")
    return sum(map(_is_ready, latest[:AT_ONCE]))


def _is_ready(fiche):
    text = journal.contents("fiche", [fiche.pk]).get(fiche.pk)
    if not text:
        return False
    try:
        for image, sizes in ((fiche.photo, PHOTO), (fiche.logo, LOGO)):
            if image:
                image.get_renditions(*[spec for size in sizes for spec in Filter.expand_spec(size)])
        cartes_sociales.card(fiche, orjson.loads(text))
        with langues.in_language_of(fiche):
            pdf.fiche_pdf(fiche)
    except Busy:
        return False
    except (pdf.PaperUnavailable, OSError) as error:
        logger.warning("fiche_not_prepared", extra={"fiche": fiche.pk, "reason": str(error)[:200]})
        return False
    return True
