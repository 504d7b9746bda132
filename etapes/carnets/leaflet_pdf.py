"""The leaflet: a road book as a tagged PDF on A4 (PDF/UA), in the site's language, stored until its contents change."""

from typing import Any

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import override

from etapes.carnets.carnet_contents import printed
from etapes.carnets.mail_composition import rendition
from etapes.carnets.models import CarnetPage
from fiches.diffusion.paper import paper_views, pdf
from fiches.models.routes import add_route
from fiches.publications.responses import versioned


def leaflet_pdf(carnet: CarnetPage) -> bytes:
    """Returns the leaflet (bytes); stored by its contents."""
    with override(settings.LANGUAGE_CODE):
        inputs = orjson.dumps(printed(carnet, rendition)).decode()
    return pdf.stored_file(f"carnet-{carnet.pk}", [inputs], lambda: _laid_out(carnet))


def draft_pdf(carnet: CarnetPage) -> bytes:
    """Returns the leaflet of a draft (bytes), made anew and never stored, since a draft is not public."""
    with pdf.hold_paper_lock():
        return _laid_out(carnet)


def _laid_out(carnet: CarnetPage) -> bytes:
    with override(settings.LANGUAGE_CODE):
        context = printed(carnet, _embedded)
    context["qr"] = pdf.qr(context["url"]) if context["url"] else ""
    return pdf.render_pdf("carnets/carnet_pdf.html", context, styles=("carnets/carnet-pdf.css",))


def _embedded(image: Any) -> dict[str, Any] | None:
    picture = rendition(image)
    return picture and {**picture, "url": pdf.data_url(image, pdf.PICTURE)}


def serve_leaflet(carnet: CarnetPage, request: HttpRequest) -> HttpResponse:
    return paper_views.pdf_response(request, f"{carnet.slug}.pdf", lambda: leaflet_pdf(carnet))


def register_routes() -> None:
    if pdf.is_installed():
        add_route(CarnetPage, "carnet.pdf", versioned(serve_leaflet), name="pdf")
