"""Private files: to the holder of the link, and to the staff (see `admin`)."""

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from fiches.candidatures.views.prive import with_dossier

SHOWN = {"image/jpeg", "image/png", "image/webp"}


@require_safe
@with_dossier
def serve(request, dossier, *, secret, cle):
    return private_file(get_object_or_404(dossier.pieces, cle=cle))


def private_file(piece):
    """The file, for whoever was let in: pictures shown, the rest downloaded; believed to be nothing else."""
    try:
        file = piece.fichier.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(
        file, as_attachment=piece.type_mime not in SHOWN, filename=piece.nom, content_type=piece.type_mime
    )
    response["Cache-Control"] = "no-store, private"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Referrer-Policy"] = "no-referrer"
    return response
