"""Admin views that serve the kit's PDF files."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from etapes.inscriptions.organiser_access import organiser_required
from etapes.kit import kit_contents
from fiches.diffusion.paper.paper_views import pdf_response

if TYPE_CHECKING:
    from etapes.models import EtapePage


def printed(name: str, *parts: str) -> Callable[..., Any]:
    """Builds a view that serves the given parts of the kit as ``<name>-<étape's slug>.pdf``."""

    @require_safe
    @organiser_required
    def view(request: HttpRequest, etape: "EtapePage") -> HttpResponse:
        return pdf_response(request, f"{name}-{etape.slug}.pdf", lambda: kit_contents.kit_pdf(etape, parts=parts))

    return view


whole = printed("kit", *kit_contents.PARTS)
sign_in_sheet = printed("emargement", kit_contents.SHEET)
poster = printed("affiche", kit_contents.POSTER)
