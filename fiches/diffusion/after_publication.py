"""What follows a publication: webhooks are told, what is stored of a changed page is deleted, and the PDF of the latest fiches is made
before the first reader asks for it.
"""

import logging
from collections.abc import Iterable
from typing import Any

from django.db import transaction

from fiches import content_language
from fiches.diffusion.headless_preview import forget_previews
from fiches.diffusion.paper import pdf
from fiches.diffusion.paper.paper_views import delete_printed_files
from fiches.diffusion.webhooks import tell_after_commit
from fiches.models import FichePage
from fiches.publications import ledger
from fiches.upkeep.machine_lock import Busy

logger = logging.getLogger(__name__)
# Fiches checked in each run; existing files are not made again.
BATCH = 20


def connect() -> None:
    """Connects the receiver; called from ``AppConfig.ready()``."""
    ledger.recorded.connect(_recorded, dispatch_uid="diffusion")


def _recorded(sender: Any, kind: str, pks: Iterable[int], is_direct: bool, **kwargs: Any) -> None:
    tell_after_commit()
    if is_direct:
        forget_previews(pks)
    if kind == ledger.FICHE and is_direct:
        transaction.on_commit(lambda: delete_printed_files(pks), robust=True)


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
