"""Pictures kept on this machine's disk: who may see each, then the bytes, or where the web server in front finds them.

Public is the size that a page shows (a rendition), while something public shows its picture. Originals, and the pictures
that only drafts, dossiers or withdrawn pages show, are the staff's. nginx asks here first (``RALLYNOV_X_ACCEL``, see
site/deploy/nginx): its own folder of media is closed.
"""

from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, default_storage
from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.static import serve
from wagtail.images import get_image_model
from wagtail.images.models import AbstractImage
from wagtail.models import CollectionViewRestriction, Page, ReferenceIndex
from wagtail.query import PageQuerySet

from config.accounts import ACCESS
from fiches.querysets import restricted

RENDITIONS = "images"
STAFFS = {"avatar_images", "original_images"}
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


@require_safe
def picture(request: HttpRequest, path: str) -> HttpResponseBase:
    """A picture, and nothing else: documents have their own view, which asks who may read them."""
    asked = PurePosixPath(path)
    if asked.suffix.lower() not in TYPES or ".." in asked.parts or "\x00" in path:
        raise Http404
    image = shown_by(path) if asked.parts[0] == RENDITIONS else None
    is_public = image is not None and _is_referred_to(image)
    if not is_public and not _is_for(request, asked.parts[0], image):
        raise Http404
    response = _file(request, path, TYPES[asked.suffix.lower()])
    response["Cache-Control"] = FOR_ALL if is_public else FOR_ONE
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def shown_by(path: str) -> AbstractImage | None:
    """The picture of which this file holds a size, unless its collection is reserved."""
    image_model = get_image_model()
    image = image_model.objects.filter(renditions__file=path).select_related("collection").first()
    if image is None or any(
        image.collection == restriction.collection or image.collection.is_descendant_of(restriction.collection)
        for restriction in CollectionViewRestriction.objects.select_related("collection")
    ):
        return None
    return image


def _is_referred_to(image: AbstractImage) -> bool:
    """True when a page that everyone may read refers to it, or what isn't a page: a partner's logo, the site's settings."""
    pages, others = _references(image)
    return others or _unexpired(pages).filter(~restricted()).exists()


def _is_for(request: HttpRequest, folder: str, image: AbstractImage | None) -> bool:
    """Staff see all; who may read a reserved page sees its pictures too."""
    if folder in {RENDITIONS, *STAFFS} and request.user.has_perm(ACCESS):
        return True
    if image is None or settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return False
    return any(
        all(restriction.accept_request(request) for restriction in page.get_view_restrictions())
        for page in _unexpired(_references(image)[0])
    )


def _references(image: AbstractImage) -> tuple[set[str], bool]:
    """The pages that refer to it, and whether something else does."""
    references = {*ReferenceIndex.get_references_to(image).values_list("base_content_type", "object_id")}
    page = ContentType.objects.get_for_model(Page).pk
    pages = {pk for kind, pk in references if kind == page}
    return pages, len(pages) < len(references)


def _unexpired(pages: set[str]) -> PageQuerySet:
    """Those that are online, though the scheduler be late."""
    expired = Q(expire_at__lte=timezone.now())
    return Page.objects.filter(~expired, pk__in=pages, live=True)


def note_references(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    """Receiver: what a page shows is known when it is published, not when the worker comes to it."""
    ReferenceIndex.create_or_update_for_object(instance)


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
