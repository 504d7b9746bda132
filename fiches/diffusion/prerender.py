"""Makes things before the first reader asks for them: the contents of public pages, the renditions that they show, and the PDF of
the latest fiches."""

import logging
from typing import Any

from wagtail.images.exceptions import InvalidFilterSpecError
from wagtail.images.models import SourceImageIOError

from fiches import content_language
from fiches.diffusion.paper import pdf
from fiches.diffusion.renditions import SHARED, both_formats
from fiches.machine_lock import Busy
from fiches.models import FichePage, Partenaire
from fiches.pages.picture_renditions import missing_renditions, register_sizes
from fiches.publications import ledger

logger = logging.getLogger(__name__)
# Rendition specs: those of the API, then those that the templates of a fiche's page and of its card use.
PHOTO = (*both_formats("jpeg"), "format-{webp,jpeg}|width-{400,800,1216}", "format-webp|fill-{360x240,720x480}")
LOGO = (*both_formats("png"), "format-{webp,png}|max-600x300", "format-{webp,png}|max-{300x160,600x320}")
# Fiches and pictures checked in each run; existing files are not made again.
BATCH = 20


def register() -> None:
    """Registers the rendition specs; called from ``AppConfig.ready()``."""
    register_sizes(FichePage, "photo", *PHOTO, SHARED)
    register_sizes(FichePage, "logo", *LOGO)
    register_sizes(Partenaire, "logo", "max-240x112")


def prepare() -> int:
    """Periodic work: makes what is missing; returns how many of the latest fiches have all their files."""
    ledger.build_missing()
    for picture, specs in missing_renditions(BATCH):
        _make_renditions(picture, specs)
    latest = FichePage.objects.visible().order_by("-last_published_at").select_related("photo", "logo", "commune")
    return sum(map(_make_files, latest[:BATCH]))


def _make_renditions(picture: Any, specs: Any) -> None:
    try:
        picture.get_renditions(*specs)
    except (SourceImageIOError, InvalidFilterSpecError, OSError) as error:
        logger.warning("picture_not_prepared", extra={"picture": picture.pk, "error": type(error).__name__})


def _make_files(fiche: FichePage) -> bool:
    """Makes the PDF of a fiche unless it exists; returns whether it exists now."""
    text = ledger.contents("fiche", [fiche.pk]).get(fiche.pk)
    if not text:
        return False
    try:
        with content_language.in_language_of(fiche):
            pdf.fiche_pdf(fiche, text)
    except (Busy, pdf.PaperUnavailable, OSError) as error:  # PDF libraries are not installed, or a storage fails
        logger.warning("fiche_not_prepared", extra={"fiche": fiche.pk, "reason": str(error)[:200]})
        return False
    return True
