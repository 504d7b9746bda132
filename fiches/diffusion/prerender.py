"""Makes things before the first reader asks for them: the contents of public pages, and the PDF of the latest fiches."""

import logging

from fiches import content_language
from fiches.diffusion.paper import pdf
from fiches.machine_lock import Busy
from fiches.models import FichePage
from fiches.publications import ledger

logger = logging.getLogger(__name__)
# Fiches checked in each run; existing files are not made again.
BATCH = 20


def prepare() -> int:
    """Periodic work: makes what is missing; returns how many of the latest fiches have all their files."""
    ledger.build_missing()
    latest = FichePage.objects.visible().order_by("-last_published_at").select_related("photo", "logo", "commune")
    return sum(map(_make_files, latest[:BATCH]))


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
