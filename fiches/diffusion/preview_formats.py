"""Preview modes of a fiche draft, in the formats that leave the site: PDF, embed, social card, alert mail."""

import re
from base64 import b64encode
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fiches.diffusion.alerts.mails import line_of
from fiches.diffusion.contenu import contents_of
from fiches.diffusion.embeds import Contents, embed_named
from fiches.diffusion.embeds.appearance import Apparence
from fiches.diffusion.embeds.credits import credits_of, general_credits
from fiches.diffusion.embeds.fiche_embeds import fiche_card
from fiches.diffusion.paper import pdf, social_cards
from fiches.diffusion.paper.paper_views import wait_for_turn
from fiches.mail.wordings import fill, wording
from fiches.media.machine_lock import Busy
from fiches.models.previews import register_shape

if TYPE_CHECKING:
    from fiches.models import FichePage


FONTS = re.compile(r"paper:([\w./-]+)")


def register() -> None:
    register_shape("pdf", gettext_lazy("PDF"), paper)
    register_shape("integration", gettext_lazy("Embed"), embed)
    register_shape("carte-sociale", gettext_lazy("Social card"), social_card)
    register_shape("courriel", gettext_lazy("Mail"), mail)


def paper(fiche: "FichePage", request: HttpRequest) -> HttpResponse:
    """Renders the draft as HTML in the layout of its PDF: same text size, cut at the same place."""
    grid = pdf.grid_for(link.tag_id for link in fiche.fiche_criteres.all())
    try:
        with pdf.in_turn():
            sheet, shape, _document = pdf.fit_to_page(pdf.sheet_context(contents_of(fiche), grid, fiche))
    except pdf.PaperUnavailable:
        return render(request, "diffusion/papier_indisponible.html", status=503)
    except Busy:
        return wait_for_turn(request)
    context = {"feuille": sheet, "fiche": sheet["fiche"], "forme": f"fiche {shape}"}
    context["styles"] = FONTS.sub(lambda match: static(match[1]), pdf.styles())
    return render(request, "diffusion/apercus/papier.html", context)


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


def social_card(fiche: "FichePage", request: HttpRequest) -> HttpResponse:
    """Draws the draft's social card without storing it."""
    try:
        with pdf.in_turn():
            image = social_cards.draw_draft(fiche, contents_of(fiche))
    except Busy:
        return wait_for_turn(request)
    address = f"data:image/png;base64,{b64encode(image).decode()}"
    context = {"fiche": fiche, "adresse": address, "alternative": social_cards.metadata(fiche)["alt"]}
    return render(request, "diffusion/apercus/carte_sociale.html", context)


def mail(fiche: "FichePage", request: HttpRequest) -> HttpResponse:
    """Renders the alert mail about the draft, in the staff's wording if they changed it."""
    subject, text = wording("alerte")
    placeholders = {
        "nouvelles": _("1 new innovation"),
        "phrase": f"[{_('the search that is followed')}]",
        "liste": line_of(fiche),
        "lien": f"[{_('link')}]",
        "arret": f"[{_('link')}]",
    }
    context = {"objet": fill(subject, placeholders), "texte": fill(text, placeholders)}
    return render(request, "courriels/message.html", context)
