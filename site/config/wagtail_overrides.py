"""Functions and attributes of Wagtail that this site replaces, where no hook, setting or subclass can (see
`fiches.overrides` for the mechanism, `fiches.wagtail_overrides` for the plugin's own).

Installed by `config.urls`, since API v3 creates its routers once all apps are ready.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from wagtail.admin.views.account import AvatarSettingsPanel
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.api.v3 import form_data, querysets
from wagtail.blocks import Block
from wagtail.blocks.struct_block import BaseStructBlock
from wagtail.documents import get_document_model
from wagtail.documents.api.v3 import router as documents_router
from wagtail.images import get_image_model
from wagtail.images.api.v3 import router as images_router
from wagtail.models import Page
from wagtail.query import PageQuerySet
from wagtail.users.views.api_tokens import APITokenForm

from config.api import without_expired
from fiches.media import access
from fiches.media.upload_forms import SafeAvatarForm
from fiches.overrides import Override


def give_unexpired_pages(public_pages: Callable[..., PageQuerySet]) -> Callable[..., PageQuerySet]:
    """Excludes pages past their expiry date from the public pages."""

    def unexpired(request: HttpRequest, model: type[Page] = Page) -> PageQuerySet:
        return without_expired(public_pages(request, model))

    return unexpired


def give_seen_images(images: Callable) -> Callable:
    """Replaces the queryset by the images shown by public pages and, with a token, those that its user may choose or change."""
    return lambda request: _seen_media(request, get_image_model())


def give_seen_documents(documents: Callable) -> Callable:
    """Replaces the queryset by the documents shown by public pages and, with a token, those that its user may choose or change."""
    return lambda request: _seen_media(request, get_document_model())


def _seen_media(request: HttpRequest, model: type[Model]) -> QuerySet:
    return (
        access.items_seen_by(request.user, model).select_related("collection").prefetch_related("tags").order_by("pk")
    )


def refuse_misshapen_blocks(flatten: Callable) -> Callable:
    """Makes the function raise ValidationError for a StreamField value that has not its block's shape, or that has keys which
    the block does not know."""

    def flatten_readable(block: Block, value: object, prefix: str, data: MultiValueDict) -> None:
        if (
            isinstance(block, BaseStructBlock)
            and isinstance(value, dict)
            and (more := value.keys() - block.child_blocks)
        ):
            names = ", ".join(sorted(map(str, more)))
            raise ValidationError(
                _("%(place)s: these keys don’t exist: %(names)s.") % {"place": prefix, "names": names}
            )
        try:
            flatten(block, value, prefix, data)
        except (AttributeError, KeyError, OverflowError, TypeError, ValueError) as error:
            message = _("%(place)s: has not the shape of a block “%(name)s”.")
            if not block.name:  # an item of a list has none
                message = _("%(place)s: this value has not the right shape.")
            raise ValidationError(message % {"place": prefix, "name": block.name}) from error

    return flatten_readable


def offer_active_accounts(initialise: Callable) -> Callable:
    """Offers in the form of a new API token the accounts that can use one: an inactive account may be that of an erased person."""

    @wraps(initialise)
    def initialise_with_active(self: Any, *args: Any, manageable_users: QuerySet, **kwargs: Any) -> None:
        initialise(self, *args, manageable_users=manageable_users.filter(is_active=True), **kwargs)

    return initialise_with_active


def check_portraits(form_class: Any) -> Any:
    """Replaces the avatar form by one that validates and cleans the image."""
    return SafeAvatarForm


def title_with_its_colon(_original: Callable) -> Callable:
    """Writes the colon between the title and the subtitle of a screen as the language does: « Retirer du site : Le four »."""

    def header_title(self: WagtailAdminTemplateMixin) -> str:
        title, subtitle = self.get_page_title(), self.get_page_subtitle()
        return f"{title}{_(':')} {subtitle}" if subtitle else title

    return header_title


OVERRIDES = [
    Override(
        APITokenForm,
        "__init__",
        offer_active_accounts,
        digest="5ad2e814c69f",
        reason="The viewset is registered by Wagtail, and its list of owners also serves to revoke the tokens of inactive accounts.",
        promise="tests/config/test_token_form.py::test_a_token_is_offered_to_active_accounts_alone",
    ),
    Override(
        AvatarSettingsPanel,
        "form_class",
        check_portraits,
        digest="1f3cd3a6695d",
        reason="The account's view makes its own panels; register_account_settings_panel adds to them and takes none away, and "
        "there is no setting for this form.",
        promise="tests/home/test_portraits.py::test_a_hostile_portrait_is_refused_in_words",
    ),
    Override(
        querysets,
        "get_public_pages_queryset",
        give_unexpired_pages,
        digest="07720e18e660",
        reason="Wagtail shows an expired page until its scheduler has run; the routes of API v3 are functions without hooks.",
        promise="tests/config/test_api.py::test_an_expired_page_is_in_no_api",
    ),
    Override(
        images_router,
        "get_images_queryset",
        give_seen_images,
        digest="e09dff6808d3",
        reason="API v3 hides the pictures of closed collections alone; its routes are functions without hooks.",
        promise="tests/config/test_medias.py::test_a_token_adds_what_its_user_may_choose",
    ),
    Override(
        documents_router,
        "get_documents_queryset",
        give_seen_documents,
        digest="fad57aa71c3f",
        reason="As for pictures.",
        promise="tests/config/test_medias.py::test_the_apis_list_what_public_pages_show_and_nothing_else",
    ),
    Override(
        form_data,
        "flatten_block_value",
        refuse_misshapen_blocks,
        digest="767f02801685",
        reason="Wagtail answers 500 to a block that has not its shape; the schema of a StreamField in API v3 is any list.",
        promise="tests/diffusion/test_wagtail_api.py::test_a_block_that_has_not_its_shape_is_refused_with_its_place",
    ),
    Override(
        WagtailAdminTemplateMixin,
        "get_header_title",
        title_with_its_colon,
        digest="8d7bdeece049",
        reason="Each view of the admin has this mixin, and the colon is no message.",
        promise="tests/config/test_wagtail_french.py::test_the_titles_of_the_screens_have_the_colon_of_the_language",
    ),
]
