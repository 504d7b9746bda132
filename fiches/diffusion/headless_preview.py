"""Previews drafts on a separate (headless) front end.

Where ``wagtail_headless_preview`` is installed and ``CLIENT_URLS`` is set, the admin's preview of a page whose type has drafts (a
fiche, an étape, a road book) opens on the front end, which reads the draft at ``/api/v1/apercu`` with the token that it is given.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import orjson
from django.apps import apps
from django.core.signing import BadSignature
from django.db.models import QuerySet
from django.dispatch import receiver
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router
from wagtail.models import Page, Site

from fiches.diffusion.api import lists, openapi_parameters
from fiches.diffusion.api.page_resource import shape_of_drafts, type_of
from fiches.models.bulk import rewritten

PACKAGE = "wagtail_headless_preview"
NAME = "apercu"
TOKEN = openapi_parameters.parameter("token", _("Given by the administration; it opens the draft for a day.")) | {
    "required": True
}
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


def _has_front_end() -> bool:
    if not apps.is_installed(PACKAGE):
        return False
    from wagtail_headless_preview.settings import headless_preview_settings

    return bool(headless_preview_settings.CLIENT_URLS)


def preview_elsewhere(page: Page, request: HttpRequest) -> Any:
    """Returns the admin's preview response on the front end; None where the site itself shows the preview."""
    if not _has_front_end() or not type_of(type(page)).draft:
        return None
    return _headless_page_class()(page).serve_preview(request, page.default_preview_mode)


def make_router() -> Router:
    """Returns the router of ``/apercu``; called when every app has registered its page types."""
    router = Router(tags=["pages"])

    @router.get(
        "/apercu",
        response=shape_of_drafts(),
        openapi_extra={"parameters": [TOKEN]},
        url_name=NAME,
        operation_id="lireApercu",
        summary=_("A draft, to whoever holds its token"),
        description=_("What the administration shows on your own front end before a page is published."),
    )
    def read_draft(request: HttpRequest) -> HttpResponse:
        contents = _contents_of(request.GET.get("token", ""), Site.find_for_request(request))
        response = lists.json_response(orjson.dumps(contents))
        response["Cache-Control"] = "private, no-store"
        return response

    return router


def _contents_of(token: Any, site: Site | None) -> dict[str, Any]:
    """Returns the contents of the draft of a preview token.

    :raises Http404: for an invalid or expired token, when its draft or its page was deleted, or when its page is not of ``site``.
    """
    if not apps.is_installed(PACKAGE):
        raise Http404
    from wagtail_headless_preview.models import PagePreview

    try:
        _headless_page_class().get_preview_signer().unsign(token, max_age=TOKEN_LIFETIME)
    except BadSignature as error:
        raise Http404 from error
    preview = PagePreview.objects.filter(token=token).select_related("content_type").first()
    draft = preview and type_of(preview.content_type.model_class()).draft
    if not draft:
        raise Http404
    page = preview.as_page()
    own = page.get_site()
    if page.pk and not Page.objects.filter(pk=page.pk).exists():
        raise Http404
    if not site or not own or own.root_page_id != site.root_page_id:
        raise Http404
    return draft(page)


def forget_previews(pks: Iterable[int]) -> None:
    """Deletes the drafts stored for the front end of pages that were published, changed or withdrawn since: they may show what
    nobody may see any more, such as a contact whose consent was withdrawn."""
    if not _has_front_end():
        return
    from wagtail_headless_preview.models import PagePreview

    names = {f"id={pk}" for pk in pks}
    stored = PagePreview.objects.values_list("pk", "token")
    if gone := [pk for pk, token in stored if token.partition(":")[0] in names]:
        PagePreview.objects.filter(pk__in=gone).delete()


@receiver(rewritten)
def _rows_rewritten(sender: Any, pks: Iterable[int], **kwargs: Any) -> None:
    if issubclass(sender, Page):
        forget_previews(pks)


def expired_previews(now: datetime) -> QuerySet:
    """The drafts stored for the front end whose token expired."""
    from wagtail_headless_preview.models import PagePreview

    return PagePreview.objects.filter(created_at__lt=now.date() - TOKEN_LIFETIME)
