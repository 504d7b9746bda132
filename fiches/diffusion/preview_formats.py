"""Preview modes of a fiche draft, in the formats that leave the site: PDF and embed."""

import re
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fiches.diffusion.contents import contents_of
from fiches.diffusion.embeds import Contents, embed_named
from fiches.diffusion.embeds.appearance import Apparence
from fiches.diffusion.embeds.credits import credits_of, general_credits
from fiches.diffusion.embeds.fiche_embeds import fiche_card
from fiches.diffusion.paper import pdf
from fiches.diffusion.paper.paper_views import wait_for_file
from fiches.machine_lock import Busy
from fiches.models.previews import register_shape

if TYPE_CHECKING:
    from fiches.models import FichePage


FONTS = re.compile(r"paper:([\w./-]+)")


def register() -> None:
    register_shape("pdf", gettext_lazy("PDF"), paper)
    register_shape("integration", gettext_lazy("Embed"), embed)


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


def embed(fiche: "FichePage", request: HttpRequest) -> HttpResponse:
    """Renders the draft as the embed that a partner's page shows in a frame."""
    data = contents_of(fiche)
    contents = Contents(
        titre=data["titre"],
        url=data["url"],
        suite=_("Read the whole fiche"),
        elements=[fiche_card(data)],
        credits=credits_of([data]) or general_credits(),
    )
    context = {"fiche": data, "embed": embed_named("fiche"), "contenu": contents, "apparence": Apparence()}
    context["nom_du_site"] = settings.WAGTAIL_SITE_NAME
    return render(request, "diffusion/integration/cadre.html", context)
