"""The preview of a fiche draft as its PDF."""

import re
from typing import TYPE_CHECKING

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.translation import gettext_lazy

from fiches.diffusion.contents import contents_of
from fiches.diffusion.paper import pdf
from fiches.diffusion.paper.paper_views import wait_for_file
from fiches.machine_lock import Busy
from fiches.models.previews import register_shape

if TYPE_CHECKING:
    from fiches.models import FichePage


FONTS = re.compile(r"paper:([\w./-]+)")


def register() -> None:
    register_shape("pdf", gettext_lazy("PDF"), paper)


def paper(fiche: "FichePage", request: HttpRequest) -> HttpResponse:
    """Renders the draft as HTML in the layout of its PDF: same text size, cut at the same place."""
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
