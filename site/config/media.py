"""Pictures kept on this machine's disk. A web server in front usually sends them itself; this is for when none does."""

from pathlib import PurePosixPath

from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe
from django.views.static import serve

PUBLIC_FOLDERS = {"avatar_images", "images", "original_images"}
PICTURES = {".avif", ".gif", ".jpeg", ".jpg", ".png", ".webp"}


@require_safe
def picture(request: HttpRequest, path: str) -> HttpResponseBase:
    """A picture, and nothing else: documents have their own view, which asks who may read them."""
    asked = PurePosixPath(path)
    if asked.parts[0] not in PUBLIC_FOLDERS or asked.suffix.lower() not in PICTURES:
        raise Http404
    if ".." in asked.parts or "\x00" in path:
        raise Http404
    response = serve(request, path, document_root=settings.MEDIA_ROOT)
    response["Cache-Control"] = "public, max-age=604800"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
