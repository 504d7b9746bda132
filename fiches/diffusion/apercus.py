"""The shapes in which a fiche leaves the site, seen while it is written: paper, embed, social card, mail."""

import re
from base64 import b64encode

from django.conf import settings
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fiches.diffusion.alerts.lettres import line_of
from fiches.diffusion.contenu import contents_of
from fiches.diffusion.embeds import Contents, embed_named
from fiches.diffusion.embeds.apparence import Apparence
from fiches.diffusion.embeds.credits import credits_of, general_credits
from fiches.diffusion.embeds.fiches import fiche_card
from fiches.diffusion.paper import pdf, social_cards
from fiches.diffusion.paper.paper_views import wait_for_turn
from fiches.mail.wordings import fill, wording
from fiches.media.turns import Busy
from fiches.models.previews import register_shape

FONTS = re.compile(r"paper:([\w./-]+)")


def register():
    register_shape("pdf", gettext_lazy("PDF"), paper)
    register_shape("integration", gettext_lazy("Embed"), embed)
    register_shape("carte-sociale", gettext_lazy("Social card"), social_card)
    register_shape("courriel", gettext_lazy("Mail"), mail)


def paper(fiche, request):
    """The sheet as it will be laid out, at the size of text and with the cut that the PDF will have."""
    grid = pdf.grid_for(link.tag_id for link in fiche.fiche_criteres.all())
    try:
        with pdf.in_turn():
            sheet, shape, _document = pdf.fitted(pdf.paper(contents_of(fiche), grid, fiche))
    except pdf.PaperUnavailable:
        return render(request, "diffusion/papier_indisponible.html", status=503)
    except Busy:
        return wait_for_turn(request)
    context = {"feuille": sheet, "fiche": sheet["fiche"], "forme": f"fiche {shape}"}
    context["styles"] = FONTS.sub(lambda found: static(found[1]), pdf.styles())
    return render(request, "diffusion/apercus/papier.html", context)


def embed(fiche, request):
    """What a partner's page frames."""
    shown = contents_of(fiche)
    contents = Contents(
        titre=shown["titre"],
        url=shown["url"],
        suite=_("Read the whole fiche"),
        elements=[fiche_card(shown)],
        credits=credits_of([shown]) or general_credits(),
    )
    context = {"fiche": shown, "embed": embed_named("fiche"), "contenu": contents, "apparence": Apparence()}
    context["nom_du_site"] = settings.WAGTAIL_SITE_NAME
    return render(request, "diffusion/integration/cadre.html", context)


def social_card(fiche, request):
    """The picture that networks show; drawn anew, and not kept."""
    try:
        with pdf.in_turn():
            drawn = social_cards.drawn(fiche, contents_of(fiche))
    except Busy:
        return wait_for_turn(request)
    address = f"data:image/png;base64,{b64encode(drawn).decode()}"
    context = {"fiche": fiche, "adresse": address, "alternative": social_cards.described(fiche)["alt"]}
    return render(request, "diffusion/apercus/carte_sociale.html", context)


def mail(fiche, request):
    """The alert that tells of it, in the words that staff gave it."""
    subject, text = wording("alerte")
    places = {
        "nouvelles": _("1 new innovation"),
        "phrase": f"[{_('the search that is followed')}]",
        "liste": line_of(fiche),
        "lien": f"[{_('link')}]",
        "arret": f"[{_('link')}]",
    }
    context = {"objet": fill(subject, places), "texte": fill(text, places)}
    return render(request, "courriels/message.html", context)
