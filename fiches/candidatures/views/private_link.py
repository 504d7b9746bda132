"""Resolves the secret of a private link, and serves private files and unpublished pictures to its holder; the staff's views use the same
responses. Answers are not cached, not indexed, and send no referrer."""

import mimetypes
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.files import File
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe
from wagtail.images import get_image_model

from fiches.candidatures.dossier_transitions import as_its_company_reads
from fiches.candidatures.invitation import dossier_of
from fiches.candidatures.team_messages import latest_proof
from fiches.forms.private_address import keep_private
from fiches.pages.picture_renditions import pictures_in

if TYPE_CHECKING:
    from fiches.candidatures.models import Dossier, PieceJointe
    from fiches.models import FichePage


def with_dossier(view: Callable[..., Any]) -> Callable[..., Any]:
    """Decorates a view: replaces ``secret`` by the dossier that it opens, or answers 404 with a way to get a new link."""

    @wraps(view)
    def wrapped(request: HttpRequest, secret: str, **kwargs: Any) -> HttpResponseBase:
        dossier = dossier_of(secret)
        if dossier is None:
            return unknown_link(request)
        return keep_private(view(request, as_its_company_reads(dossier), secret=secret, **kwargs))

    return wrapped


def unknown_link(request: HttpRequest) -> HttpResponse:
    """Answers 404 with the same page for a truncated, unknown, revoked or expired link, and how to get a new one."""
    return keep_private(render(request, "candidatures/lien_inconnu.html", status=404))


INLINE_TYPES = {"image/jpeg", "image/png", "image/webp"}


@require_safe
@with_dossier
def serve(request: HttpRequest, dossier: "Dossier", *, secret: str, cle: UUID) -> HttpResponseBase:
    return private_file(get_object_or_404(dossier.pieces, cle=cle))


@require_safe
@with_dossier
def picture(request: HttpRequest, dossier: "Dossier", *, secret: str, pk: int) -> HttpResponseBase:
    """Serves a rendition of a picture that the preview of the dossier or its proof shows."""
    images = set(dossier.pieces.values_list("illustration", flat=True))
    if (proof := latest_proof(dossier)) and proof.epreuve:
        images |= pictures_of(proof.epreuve.as_object())
    return private_rendition(get_object_or_404(_renditions(images), pk=pk))


def private_file(piece: "PieceJointe") -> HttpResponseBase:
    """Returns the response for a file; the caller checks access. Pictures are shown, other types downloaded."""
    is_inline = piece.type_mime in INLINE_TYPES
    return _file_response(piece.fichier, as_attachment=not is_inline, filename=piece.nom, content_type=piece.type_mime)


def private_rendition(rendition: Any) -> HttpResponseBase:
    """Returns the response for a rendition of an image that is not public yet; the caller checks access."""
    return private_picture(rendition.file)


def private_picture(field: Any) -> HttpResponseBase:
    """Returns the response for the file of a cleaned picture; the caller checks access."""
    return _file_response(field, content_type=mimetypes.guess_type(field.name)[0])


def _file_response(field: File, **options: Any) -> HttpResponseBase:
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


def pictures_of(fiche: "FichePage") -> set[int]:
    """Returns the keys of the images that a fiche shows."""
    return {each.pk for each in (fiche.photo, fiche.logo, *pictures_in(fiche.corps)) if each}


def _renditions(images: set[int]) -> QuerySet:
    return get_image_model()._meta.get_field("renditions").related_model.objects.filter(image__in=images)


def use_private_pictures(response: HttpResponse, fiche: "FichePage", *, secret: str) -> HttpResponse:
    """Replaces the addresses of renditions in ``response`` by private ones below the link's secret: they are not public."""
    html = response.content.decode()
    for rendition in _renditions(pictures_of(fiche)):
        html = html.replace(rendition.url, reverse("candidature_image", args=[secret, rendition.pk]))
    response.content = html
    return response
