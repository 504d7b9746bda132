"""Serves images and documents to those who may see them.

:mod:`fiches.media.access` decides. The renditions of a public image are public, its original never is. With
``RALLYNOV_X_ACCEL``, the response only names the file, which nginx then sends from an internal location (see
site/deploy/nginx).
"""

from pathlib import PurePosixPath
from urllib.parse import quote

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe
from django.views.static import serve
from wagtail.documents import get_document_model
from wagtail.documents.models import AbstractDocument
from wagtail.documents.views.serve import serve as serve_document
from wagtail.images import get_image_model
from wagtail.images.models import AbstractImage
from wagtail.models import CollectionViewRestriction

from config.staff_login import ACCESS
from fiches.media import access
from fiches.publications.responses import share

RENDITIONS = "images"
ORIGINALS = "original_images"
PORTRAITS = "avatar_images"
TYPES = {
    ".avif": "image/avif",
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
}
FOR_ALL = "public, max-age=86400"
FOR_ONE = "private, no-store"
SANDBOX = "default-src 'none'; sandbox"


@require_safe
def picture(request: HttpRequest, path: str) -> HttpResponseBase:
    """Serves an image file. 404 for other files, and for images that the user may not see."""
    requested = PurePosixPath(path)
    if requested.suffix.lower() not in TYPES or ".." in requested.parts or "\x00" in path:
        raise Http404
    folder = requested.parts[0]
    image = _image_of(folder, path)
    is_public = image is not None and folder == RENDITIONS and access.is_visible(image)
    if not is_public and not _is_for(request, folder, image):
        raise Http404
    response = _file(request, path, TYPES[requested.suffix.lower()])
    response["Cache-Control"] = FOR_ALL if is_public else FOR_ONE
    response["Content-Security-Policy"] = SANDBOX
    return share(response) if is_public else response


@require_safe
def document(request: HttpRequest, document_id: int, document_filename: str) -> HttpResponseBase:
    """Serves a document through Wagtail's view, if :mod:`fiches.media.access` allows it. Wagtail's view checks the password or
    groups of its collection."""
    requested = get_object_or_404(get_document_model(), pk=document_id)
    is_public = access.is_visible(requested)
    if not is_public and not access.may_open(request, requested) and not _has_a_password_or_groups(requested):
        raise Http404
    response = serve_document(request, document_id, document_filename)
    if is_public:
        share(response)
    else:
        response["Cache-Control"] = FOR_ONE
    if response.has_header("Content-Security-Policy"):  # the file, not the form that asks for a password
        response["Content-Security-Policy"] = SANDBOX
    return response


def _image_of(folder: str, path: str) -> AbstractImage | None:
    """The image of which this file is the original or a rendition; None if there is none."""
    columns = {RENDITIONS: "renditions__file", ORIGINALS: "file"}
    if folder not in columns:
        return None
    return get_image_model().objects.filter(**{columns[folder]: path}).select_related("collection").first()


def _is_for(request: HttpRequest, folder: str, image: AbstractImage | None) -> bool:
    """Whether the user may see a file that is not public. Users of the admin may see the portraits of accounts."""
    if folder == PORTRAITS:
        return settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.has_perm(ACCESS)
    may_see = access.may_use if folder == ORIGINALS else access.may_open
    return image is not None and may_see(request, image)


def _has_a_password_or_groups(document: AbstractDocument) -> bool:
    """Whether Wagtail's own check is to decide. Not for a collection open to any logged-in user, which is too many people."""
    kinds = {restriction.restriction_type for restriction in document.collection.get_view_restrictions()}
    return bool(kinds) and CollectionViewRestriction.LOGIN not in kinds


def _file(request: HttpRequest, path: str, content_type: str) -> HttpResponseBase:
    if not isinstance(default_storage, FileSystemStorage):
        return FileResponse(_opened(path), content_type=content_type)
    if not settings.RALLYNOV_X_ACCEL:
        return serve(request, path, document_root=settings.MEDIA_ROOT)
    response = HttpResponse(content_type=content_type)
    response["X-Accel-Redirect"] = settings.RALLYNOV_X_ACCEL + quote(path)
    return response


def _opened(path: str) -> File:
    """Opens a file of the bucket.

    :raises Http404: it does not exist.
    """
    try:
        return default_storage.open(path)
    except FileNotFoundError:
        raise Http404 from None
