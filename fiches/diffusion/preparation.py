"""What readers will ask for, made before they do: the picture sizes that public pages show, the PDF and the card of the fiches
published last."""

import logging

import orjson
from wagtail.images.exceptions import InvalidFilterSpecError
from wagtail.images.models import SourceImageIOError

from fiches import langues
from fiches.diffusion.images import both_formats
from fiches.diffusion.paper import pdf, social_cards
from fiches.media.turns import Busy
from fiches.models import FichePage, Partenaire
from fiches.pages.pictures import missing_renditions, register_sizes
from fiches.publications import ledger

logger = logging.getLogger(__name__)
# The sizes of the API, then those of a fiche's page and of its card in lists, as the templates write them.
PHOTO = (*both_formats("jpeg"), "format-{webp,jpeg}|width-{400,800,1216}", "format-webp|fill-{360x240,720x480}")
LOGO = (*both_formats("png"), "format-{webp,png}|max-600x300", "format-{webp,png}|max-{300x160,600x320}")
# Fiches and pictures looked at each time; what they have already is not made again.
AT_ONCE = 20


def register():
    """Called once, when Django starts."""
    register_sizes(FichePage, "photo", *PHOTO)
    register_sizes(FichePage, "logo", *LOGO)
    register_sizes(Partenaire, "logo", "max-240x112")


def prepare():
    """Periodic work: returns how many fiches have all that is asked of them."""
    for picture, specs in missing_renditions(AT_ONCE):
        _draw(picture, specs)
    latest = FichePage.objects.visible().order_by("-last_published_at").select_related("photo", "logo", "commune")
    return sum(map(_is_ready, latest[:AT_ONCE]))


def _draw(picture, specs):
    try:
        picture.get_renditions(*specs)
    except (SourceImageIOError, InvalidFilterSpecError, OSError) as error:
        logger.warning("picture_not_prepared", extra={"picture": picture.pk, "error": type(error).__name__})


def _is_ready(fiche):
    text = ledger.contents("fiche", [fiche.pk]).get(fiche.pk)
    if not text:
        return False
    try:
        social_cards.card(fiche, orjson.loads(text))
        with langues.in_language_of(fiche):
            pdf.fiche_pdf(fiche)
    except Busy:
        return False
    except pdf.PaperUnavailable as error:  # a machine that was set up without PDF
        logger.info("fiche_without_pdf", extra={"fiche": fiche.pk, "reason": str(error)[:200]})
        return False
    except OSError as error:
        logger.warning("fiche_not_prepared", extra={"fiche": fiche.pk, "reason": str(error)[:200]})
        return False
    return True
