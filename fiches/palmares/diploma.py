"""The diploma of a prize: a tagged PDF, one A4 page in landscape, with a QR code of the fiche's address."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse

from fiches.diffusion.paper import paper_views, pdf
from fiches.models.routes import add_route
from fiches.palmares.listing import with_related
from fiches.palmares.models import PalmaresPage, Prix
from fiches.publications.responses import versioned

STYLES = "palmares/diplome-pdf.css"
TEMPLATE = "palmares/diplome.html"
# Characters of a citation from which it is set in a smaller size.
LONG_CITATION = 240


def diploma(prize: Prix) -> bytes:
    """Returns the bytes of the PDF; it is rendered again only if its content changed."""
    sheet = diploma_context(prize)
    with open(str(finders.find(STYLES)), encoding="utf-8") as file:
        shown = [file.read(), *map(str, sheet.values())]
    return pdf.stored_file(f"diplome-{prize.uid}", shown, lambda: pdf.render_pdf(TEMPLATE, sheet, styles=(STYLES,)))


def diploma_context(prize: Prix) -> dict[str, Any]:
    """Returns the context of the diploma's template."""
    fiche, palmares = prize.fiche, prize.palmares
    return {
        "site": settings.WAGTAIL_SITE_NAME,
        "edition": str(palmares.edition),
        "annee": palmares.edition.annee,
        "categorie": prize.categorie.nom,
        "prix": prize.libelle,
        "citation": prize.citation,
        "titre": fiche.title,
        "organisation": fiche.organisation,
        "commune": fiche.commune.nom if fiche.commune else "",
        "date": palmares.embargo,
        "exemple": palmares.exemple or fiche.exemple,
        "url": fiche.full_url or "",
        "qr": pdf.qr(fiche.full_url or ""),
        "longue": len(prize.citation) > LONG_CITATION or len(fiche.title) > 90,
    }


def diploma_response(request: HttpRequest, prize: Prix) -> HttpResponse:
    """Returns the response with the PDF of a diploma; the caller checks that ``request.user`` may know the prize."""
    return paper_views.pdf_response(request, f"diplome-{prize.fiche.slug}.pdf", lambda: diploma(prize))


def public_diploma(page: PalmaresPage, request: HttpRequest, annee: int, uid: UUID) -> HttpResponse:
    """Serves the diploma of a public prize, as a route of the palmarès's page.

    :raises Http404: there is no such prize, or it is not public yet.
    """
    prizes = with_related(Prix.objects.public())
    prize = prizes.filter(uid=uid, decision__categorie__palmares__edition__annee=annee).first()
    if prize is None:
        raise Http404
    return diploma_response(request, prize)


def register_routes() -> None:
    add_route(PalmaresPage, "<int:annee>/diplome-<uuid:uid>.pdf", versioned(public_diploma), name="diplome")
