"""The diploma of a prize: one A4 sheet, landscape, tagged, with a QR code that leads to the fiche."""

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import Http404

from fiches.diffusion.paper import paper_views, pdf
from fiches.models.routes import add_route
from fiches.palmares.listing import with_what_they_show
from fiches.palmares.models import PalmaresPage, Prix
from fiches.publications.conditional import versioned

STYLES = "palmares/diplome-pdf.css"
TEMPLATE = "palmares/diplome.html"
LONG = 240
"""Letters of a citation past which it is set smaller."""


def diploma(prize):
    """The bytes of the PDF; made once for what it says."""
    sheet = contents(prize)
    with open(finders.find(STYLES), encoding="utf-8") as file:
        shown = [file.read(), *map(str, sheet.values())]
    return pdf.stored_file(f"diplome-{prize.uid}", shown, lambda: pdf.render_pdf(TEMPLATE, sheet, styles=[STYLES]))


def contents(prize):
    """What stands on it."""
    fiche, palmares = prize.fiche, prize.palmares
    return {
        "site": settings.WAGTAIL_SITE_NAME,
        "edition": str(palmares.edition),
        "annee": palmares.edition.annee,
        "categorie": prize.categorie.nom,
        "prix": prize.get_rang_display(),
        "citation": prize.citation,
        "titre": fiche.title,
        "organisation": fiche.organisation,
        "commune": fiche.commune.nom if fiche.commune else "",
        "date": palmares.embargo,
        "exemple": palmares.exemple or fiche.exemple,
        "url": fiche.full_url or "",
        "qr": pdf.qr(fiche.full_url or ""),
        "longue": len(prize.citation) > LONG or len(fiche.title) > 90,
    }


def answer(request, prize):
    return paper_views.pdf_response(request, f"diplome-{prize.fiche.slug}.pdf", lambda: diploma(prize))


def public_diploma(page, request, annee, uid):
    """:raises Http404: there is no such prize, or nobody may know of it yet."""
    prizes = with_what_they_show(Prix.objects.public())
    prize = prizes.filter(uid=uid, decision__categorie__palmares__edition__annee=annee).first()
    if prize is None:
        raise Http404
    return answer(request, prize)


def register_routes():
    add_route(PalmaresPage, "<int:annee>/diplome-<uuid:uid>.pdf", versioned(public_diploma), name="diplome")
