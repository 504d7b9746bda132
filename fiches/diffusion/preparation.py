"""What readers will ask for, made before they do: the PDF, the card and the picture sizes of the fiches published last."""

import logging

import orjson

from fiches import langues
from fiches.diffusion import cartes_sociales, journal, pdf
from fiches.diffusion.images import SIZES
from fiches.models import FichePage
from fiches.turns import Busy

logger = logging.getLogger(__name__)
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
        for image in filter(None, (fiche.photo, fiche.logo)):
            image.get_renditions(*SIZES.values())
        cartes_sociales.card(fiche, orjson.loads(text))
        with langues.in_language_of(fiche):
            pdf.fiche_pdf(fiche)
    except Busy:
        return False
    except (pdf.PaperUnavailable, OSError) as error:
        logger.warning("fiche_not_prepared", extra={"fiche": fiche.pk, "reason": str(error)[:200]})
        return False
    return True
