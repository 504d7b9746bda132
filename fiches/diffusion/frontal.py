"""Drafts on a separate front end: where the site has ``wagtail_headless_preview`` and says where the front end is, the
admin's preview of a fiche opens there, and the front end reads the draft at ``/api/v1/apercu`` with the token it is given.
"""

from datetime import timedelta
from functools import cache

import orjson
from django.apps import apps
from django.core.signing import BadSignature
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router

from fiches.diffusion.api import langage, listes, schemas
from fiches.diffusion.contenu import contents_of
from fiches.models import FichePage

PACKAGE = "wagtail_headless_preview"
NAME = "apercu"
TOKEN = langage.parameter("token", _("Given by the administration; it opens the draft for a day.")) | {"required": True}
router = Router(tags=["fiches"])
# How long a token opens a draft.
KEPT = timedelta(days=1)


@cache
def _package():
    """The package's own verbs, for a page whose class hasn't them: a host that has no front end needs no package."""
    from wagtail_headless_preview.models import HeadlessPreviewMixin

    class Elsewhere(HeadlessPreviewMixin):
        def __init__(self, page):
            self.page = page

        def __getattr__(self, name):
            return getattr(self.page, name)

        def get_content_type_str(self):
            return self.page._meta.label_lower

    return Elsewhere


def preview_elsewhere(page, request):
    """The admin's preview, which shows the front end; ``None`` where the site itself shows it."""
    if not apps.is_installed(PACKAGE) or not isinstance(page, FichePage):
        return None
    from wagtail_headless_preview.settings import headless_preview_settings

    if not headless_preview_settings.CLIENT_URLS:
        return None
    return _package()(page).serve_preview(request, page.default_preview_mode)


@router.get(
    "/apercu",
    response=schemas.Fiche,
    openapi_extra={"parameters": [TOKEN]},
    url_name=NAME,
    operation_id="lireApercu",
    summary=_("A draft, to whoever holds its token"),
    description=_("What the administration shows on your own front end before a fiche is published."),
)
def read_draft(request):
    contents = contents_of(_drafted(request.GET.get("token", "")))
    del contents["expire_le"]
    response = listes.one_of(orjson.dumps(contents))
    response["Cache-Control"] = "private, no-store"
    return response


def _drafted(token):
    """The page that a token opens.

    :raises Http404: for a token that isn't ours, is too old, or whose draft isn't kept any more.
    """
    if not apps.is_installed(PACKAGE):
        raise Http404
    from wagtail_headless_preview.models import PagePreview

    try:
        _package().get_preview_signer().unsign(token, max_age=KEPT)
    except BadSignature as error:
        raise Http404 from error
    preview = PagePreview.objects.filter(token=token).select_related("content_type").first()
    if preview is None or preview.content_type.model_class() is not FichePage:
        raise Http404
    return preview.as_page()


def forget():
    """Periodic: drafts that were shown elsewhere are not kept. Returns how many went."""
    if not apps.is_installed(PACKAGE):
        return 0
    from wagtail_headless_preview.models import PagePreview

    return PagePreview.objects.filter(created_at__lt=timezone.now().date() - KEPT).delete()[0]
