"""Views of the PDF of a fiche, ``fiche.pdf`` below it, and of its draft's; and the answers that every PDF of the site shares."""

import logging
import re
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.staticfiles import finders
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils import timezone

from fiches.diffusion.contents import contents_of
from fiches.diffusion.paper import pdf
from fiches.models import FichePage, Publication
from fiches.publications import ledger
from fiches.upkeep.machine_lock import Busy

if TYPE_CHECKING:
    from fiches.diffusion.paper.pdf import PaperUnavailable


logger = logging.getLogger(__name__)
PDF = "application/pdf"
FONTS = re.compile(r"paper:([\w./-]+)")
# Seconds after which the waiting page reloads itself.
RELOAD_AFTER = 5
# How far back the daily deletion looks for changed fiches whose files were not deleted.
LOOK_BACK = timedelta(days=2)


def fiche_pdf(fiche: FichePage, request: HttpRequest) -> HttpResponse:
    text = ledger.contents("fiche", [fiche.pk]).get(fiche.pk)
    if not text:
        raise Http404
    return pdf_response(request, f"{fiche.slug}.pdf", lambda: pdf.fiche_pdf(fiche, text))


def delete_printed_files(pks: Any) -> None:
    """Deletes the stored PDFs of these fiches, so that nothing of a withdrawn fiche stays."""
    for pk in pks:
        pdf.clear(f"fiche-{pk}")


def delete_missed_files() -> int:
    """Periodic work: deletes the files that a failing storage, or a killed process, left of withdrawn and recently changed fiches;
    returns the number of these fiches."""
    stored, changed = pdf.stored_names(), Q(changed_at__gte=timezone.now() - LOOK_BACK)
    fiches = Publication.objects.filter(changed | Q(withdrawn_at__isnull=False), kind=ledger.FICHE)
    left = [pk for pk in fiches.values_list("object_id", flat=True) if f"fiche-{pk}" in stored]
    delete_printed_files(left)
    return len(left)


def pdf_response(request: HttpRequest, name: str, make: Callable[..., Any]) -> HttpResponse:
    """Returns the PDF that ``make()`` gives (bytes), shown inline under the file name ``name``.

    Answers 503 with a page for the reader when PDF libraries are missing or the machine is busy.
    """
    try:
        data = make()
    except pdf.PaperUnavailable as error:
        return pdf_unavailable(request, error)
    except Busy:
        return wait_for_file(request)
    response = HttpResponse(data, content_type=PDF)
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response


def pdf_unavailable(request: HttpRequest, error: "PaperUnavailable") -> HttpResponse:
    logger.error("pdf_unavailable", extra={"reason": str(error)[:200]})
    response = render(request, "diffusion/papier_indisponible.html", status=503)
    response["Retry-After"] = "3600"
    return response


def wait_for_file(request: HttpRequest) -> HttpResponse:
    """Returns a waiting page (503) that reloads itself without a script, while this file or another is being made."""
    response = render(request, "diffusion/papier_bientot.html", status=503)
    response["Retry-After"] = response["Refresh"] = str(RELOAD_AFTER)
    response["Cache-Control"] = "no-store"
    return response


def preview(fiche: "FichePage", request: HttpRequest) -> HttpResponse:
    """Renders a draft as HTML with the styles of its PDF. The text has the size, and ends at the block, that the PDF would have."""
    grid = pdf.grid_for(link.tag_id for link in fiche.fiche_criteres.all())
    try:
        with pdf.hold_paper_lock():
            sheet, shape, _document = pdf.fit_to_page(pdf.sheet_context(contents_of(fiche), grid, fiche))
    except pdf.PaperUnavailable:
        return render(request, "diffusion/papier_indisponible.html", status=503)
    except Busy:
        return wait_for_file(request)
    context = {"feuille": sheet, "fiche": sheet["fiche"], "forme": f"fiche {shape}"}
    context["styles"] = FONTS.sub(_font_url, pdf.styles())
    return render(request, "diffusion/apercus/papier.html", context)


def _font_url(match: re.Match[str]) -> str:
    """The address of a font of the style sheet. One that the site does not have stays unknown: the browser then uses another, as the
    PDF does; a storage with a manifest would raise an exception."""
    return static(match[1]) if finders.find(match[1]) else match[0]
