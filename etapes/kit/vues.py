"""The kit's addresses in the admin: one click, one file."""

from django.views.decorators.http import require_safe

from etapes.inscriptions.cadre import organised
from etapes.kit import papier
from fiches.diffusion.paper.paper_views import pdf_response


def printed(name, *parts):
    """A view that answers these parts of the kit as ``<name>-<étape>.pdf``."""

    @require_safe
    @organised
    def view(request, etape):
        return pdf_response(request, f"{name}-{etape.slug}.pdf", lambda: papier.kit_pdf(etape, parts=parts))

    return view


whole = printed("kit", *papier.PARTS)
sign_in_sheet = printed("emargement", papier.SHEET)
poster = printed("affiche", papier.POSTER)
