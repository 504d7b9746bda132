"""Admin views that serve the kit's PDF files."""

from django.views.decorators.http import require_safe

from etapes.inscriptions.cadre import organiser_required
from etapes.kit import papier
from fiches.diffusion.paper.paper_views import pdf_response


def printed(name, *parts):
    """Builds a view that serves the given parts of the kit as ``<name>-<étape's slug>.pdf``."""

    @require_safe
    @organiser_required
    def view(request, etape):
        return pdf_response(request, f"{name}-{etape.slug}.pdf", lambda: papier.kit_pdf(etape, parts=parts))

    return view


whole = printed("kit", *papier.PARTS)
sign_in_sheet = printed("emargement", papier.SHEET)
poster = printed("affiche", papier.POSTER)
