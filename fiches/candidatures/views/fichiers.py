"""Serves private files and unpublished pictures to the holder of a link; the staff's views use the same responses."""

import mimetypes

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe
from wagtail.images import get_image_model

from fiches.candidatures.views.prive import with_dossier
from fiches.pages.pictures import pictures_in

SHOWN = {"image/jpeg", "image/png", "image/webp"}


@require_safe
@with_dossier
def serve(request, dossier, *, secret, cle):
    return private_file(get_object_or_404(dossier.pieces, cle=cle))


@require_safe
@with_dossier
def picture(request, dossier, *, secret, pk):
    """Serves a rendition of a picture that the preview of the dossier shows."""
    return private_size(get_object_or_404(_sizes(dossier.pieces.values("illustration")), pk=pk))


def private_file(piece):
    """Returns the response for a file; the caller checks access. Pictures are shown, other types downloaded, without MIME sniffing."""
    shown = piece.type_mime in SHOWN
    return _answer(piece.fichier, as_attachment=not shown, filename=piece.nom, content_type=piece.type_mime)


def private_size(size):
    """Returns the response for a rendition of an image that is not public yet; the caller checks access."""
    return _answer(size.file, content_type=mimetypes.guess_type(size.file.name)[0])


def _answer(field, **options):
    try:
        file = field.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(file, **options)
    response["Cache-Control"] = "no-store, private"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Referrer-Policy"] = "no-referrer"
    return response


def sizes_of(fiche):
    """Returns the renditions of the images that a fiche shows."""
    return _sizes({each.pk for each in (fiche.photo, fiche.logo, *pictures_in(fiche.corps)) if each})


def _sizes(images):
    return get_image_model()._meta.get_field("renditions").related_model.objects.filter(image__in=images)


def show_pictures(response, fiche, *, address, secret):
    """Replaces the addresses of renditions in ``response`` by private ones below the link's secret: the images are not public yet.

    :param address: name of the URL that serves a rendition.
    """
    html = response.content.decode()
    for size in sizes_of(fiche):
        html = html.replace(size.url, reverse(address, args=[secret, size.pk]))
    response.content = html
    return response
