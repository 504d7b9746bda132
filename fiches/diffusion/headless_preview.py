"""Previews drafts on a separate (headless) front end.

Where ``wagtail_headless_preview`` is installed and ``CLIENT_URLS`` is set, the admin's preview of a fiche opens on the front end,
which reads the draft at ``/api/v1/apercu`` with the token that it is given.
"""

from datetime import timedelta
from functools import cache
from typing import Any

import orjson
from django.apps import apps
from django.core.signing import BadSignature
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router

from fiches.diffusion.api import list_responses, openapi_parameters, schemas
from fiches.diffusion.contenu import contents_of
from fiches.models import FichePage
from fiches.models.derived_fiches import fiche_models

PACKAGE = "wagtail_headless_preview"
NAME = "apercu"
TOKEN = openapi_parameters.parameter("token", _("Given by the administration; it opens the draft for a day.")) | {
    "required": True
}
router = Router(tags=["fiches"])
# How long a token gives access to a draft.
TOKEN_LIFETIME = timedelta(days=1)


@cache
def _headless_page_class() -> Any:
    """Returns a wrapper class that adds the package's ``HeadlessPreviewMixin`` to a page instance.

    The page class can't inherit from the mixin, since the package is optional.
    """
    from wagtail_headless_preview.models import HeadlessPreviewMixin

    class HeadlessPage(HeadlessPreviewMixin):
        def __init__(self, page: Any) -> None:
            self.page = page

        def __getattr__(self, name: Any) -> Any:
            return getattr(self.page, name)

        def get_content_type_str(self) -> Any:
            return self.page._meta.label_lower

    return HeadlessPage


def preview_elsewhere(page: FichePage, request: HttpRequest) -> Any:
    """Returns the admin's preview response on the front end; None where the site itself shows the preview."""
    if not apps.is_installed(PACKAGE) or not isinstance(page, FichePage):
        return None
    from wagtail_headless_preview.settings import headless_preview_settings

    if not headless_preview_settings.CLIENT_URLS:
        return None
    return _headless_page_class()(page).serve_preview(request, page.default_preview_mode)


@router.get(
    "/apercu",
    response=schemas.Fiche,
    openapi_extra={"parameters": [TOKEN]},
    url_name=NAME,
    operation_id="lireApercu",
    summary=_("A draft, to whoever holds its token"),
    description=_("What the administration shows on your own front end before a fiche is published."),
)
def read_draft(request: HttpRequest) -> Any:
    contents = contents_of(_draft_of(request.GET.get("token", "")))
    del contents["expire_le"]
    response = list_responses.json_response(orjson.dumps(contents))
    response["Cache-Control"] = "private, no-store"
    return response


def _draft_of(token: Any) -> Any:
    """Returns the draft page of a preview token.

    :raises Http404: for an invalid or expired token, or when its draft was deleted.
    """
    if not apps.is_installed(PACKAGE):
        raise Http404
    from wagtail_headless_preview.models import PagePreview

    try:
        _headless_page_class().get_preview_signer().unsign(token, max_age=TOKEN_LIFETIME)
    except BadSignature as error:
        raise Http404 from error
    preview = PagePreview.objects.filter(token=token).select_related("content_type").first()
    if preview is None or preview.content_type.model_class() not in fiche_models():
        raise Http404
    return preview.as_page()


def delete_old_previews() -> Any:
    """Periodic work: deletes the drafts stored for the front end once their token expired; returns how many."""
    if not apps.is_installed(PACKAGE):
        return 0
    from wagtail_headless_preview.models import PagePreview

    return PagePreview.objects.filter(created_at__lt=timezone.now().date() - TOKEN_LIFETIME).delete()[0]
