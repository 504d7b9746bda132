"""Pictures and documents: who may see each, then the bytes, or where the web server in front finds them.

:mod:`fiches.media.access` decides. Of a public picture, the sizes that pages show (renditions) are public, never the original.
nginx asks here first (``RALLYNOV_X_ACCEL``, see site/deploy/nginx): its own folder of media is closed.
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

from config.accounts import ACCESS
from fiches.media import access

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
    """A picture, and nothing else: documents have their own view, :func:`document`."""
    asked = PurePosixPath(path)
    if asked.suffix.lower() not in TYPES or ".." in asked.parts or "\x00" in path:
        raise Http404
    folder = asked.parts[0]
    image = _image_of(folder, path)
    is_public = image is not None and folder == RENDITIONS and access.is_visible(image)
    if not is_public and not _is_for(request, folder, image):
        raise Http404
    response = _file(request, path, TYPES[asked.suffix.lower()])
    response["Cache-Control"] = FOR_ALL if is_public else FOR_ONE
    response["Content-Security-Policy"] = SANDBOX
    return response


@require_safe
def document(request: HttpRequest, document_id: int, document_filename: str) -> HttpResponseBase:
    """A document, as Wagtail serves it, for whom :mod:`fiches.media.access` says; a password that the staff put on its collection is
    asked for."""
    found = get_object_or_404(get_document_model(), pk=document_id)
    is_public = access.is_visible(found)
    if not is_public and not access.may_open(request, found) and not _has_a_password_or_groups(found):
        raise Http404
    response = serve_document(request, document_id, document_filename)
    if not is_public:
        response["Cache-Control"] = FOR_ONE
    if response.has_header("Content-Security-Policy"):  # the file, and not the form that asks for a password
        response["Content-Security-Policy"] = SANDBOX
    return response


def _image_of(folder: str, path: str) -> AbstractImage | None:
    """The picture of which this file is the original or a size."""
    columns = {RENDITIONS: "renditions__file", ORIGINALS: "file"}
    if folder not in columns:
        return None
    return get_image_model().objects.filter(**{columns[folder]: path}).select_related("collection").first()


def _is_for(request: HttpRequest, folder: str, image: AbstractImage | None) -> bool:
    """Whether who asks may see it though it isn't public. Who comes into the admin sees the portraits of its accounts."""
    if folder == PORTRAITS:
        return settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.has_perm(ACCESS)
    may_see = access.may_use if folder == ORIGINALS else access.may_open
    return image is not None and may_see(request, image)


def _has_a_password_or_groups(document: AbstractDocument) -> bool:
    """Whether Wagtail's own check decides: a collection "for accounts" is open to any of them, and that is too many."""
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
    """A file of the bucket."""
    try:
        return default_storage.open(path)
    except FileNotFoundError:
        raise Http404 from None
