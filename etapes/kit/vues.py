"""The kit's addresses in the admin: one click, one file."""

import logging

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from etapes.inscriptions.equipe import organised
from etapes.kit import papier
from fiches.diffusion.pdf import PaperUnavailable

logger = logging.getLogger(__name__)


def printed(name, *parts):
    """A view that answers these parts of the kit as ``<name>-<étape>.pdf``."""

    @require_safe
    @organised
    def view(request, etape):
        try:
            data = papier.kit_pdf(etape, parts=parts)
        except PaperUnavailable as error:
            logger.error("pdf_unavailable", extra={"reason": str(error)[:200]})
            return render(request, "diffusion/papier_indisponible.html", status=503)
        response = HttpResponse(data, content_type="application/pdf")
        response["Content-Disposition"] = f'inline; filename="{name}-{etape.slug}.pdf"'
        return response

    return view


whole = printed("kit", *papier.PARTS)
sign_in_sheet = printed("emargement", papier.SHEET)
poster = printed("affiche", papier.POSTER)
