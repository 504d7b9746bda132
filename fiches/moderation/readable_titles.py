"""Hides the titles of pages, pictures and documents that a user may not see, where Wagtail's admin shows them before or without a
permission check.

A user may read the titles of the pages that the explorer shows to them, and of public pages whose draft has the same title.
"""

import json
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.core.exceptions import BadRequest, PermissionDenied
from django.db.models import F, Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext
from wagtail import hooks
from wagtail.admin.views.bulk_action import BulkAction
from wagtail.admin.views.chooser import page_models_from_string
from wagtail.admin.views.pages.bulk_actions import MoveBulkAction, UnpublishBulkAction
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page
from wagtail.permissions import policy_registry

from fiches.forms.primary_key import read_key
from fiches.media import access
from fiches.models.querysets import VisibleQuerySet
from fiches.moderation.bulk_deletion import DiscardBulkAction
from fiches.moderation.bulk_publication import PublishWithoutObstacle
from fiches.moderation.current_reader import current_reader

CHOOSER_LISTS: set[str | None] = {"wagtailadmin_choose_page", "wagtailadmin_choose_page_child"}


def explored(user: AbstractUser | AnonymousUser) -> QuerySet[Page]:
    """The pages that the explorer shows to the user."""
    return policy_registry.get_by_type(Page).explorable_instances(user)


def readable_pages(user: AbstractUser | AnonymousUser) -> QuerySet[Page]:
    """The pages whose titles the user may read, and the root of the tree."""
    public = VisibleQuerySet(Page).visible().filter(draft_title=F("title"))
    either = Q(depth=1) | Q(pk__in=explored(user).values("pk")) | Q(pk__in=public.values("pk"))
    return explored(user) if user.is_active and user.is_superuser else Page.objects.filter(either)


def unreadable_pages(user: AbstractUser | AnonymousUser, pks: Iterable[int]) -> set[int]:
    """The keys among ``pks`` of the pages whose titles the user may not read."""
    return set(pks) - set(readable_pages(user).filter(pk__in=pks).values_list("pk", flat=True))


def refuse_unseen(user: AbstractUser | AnonymousUser, pk: int) -> None:
    """:raises PermissionDenied: the user may not read the title of this page."""
    if unreadable_pages(user, [pk]):
        raise PermissionDenied


def refuse_unseen_parent(request: HttpRequest) -> None:
    """Checks the parent page whose title Wagtail's page chooser shows above its list: the page in the address, else the common
    ancestor of all pages of the requested types.

    :raises PermissionDenied: the user may not read its title.
    """
    match = request.resolver_match
    if match is None or match.url_name not in CHOOSER_LISTS:
        return
    parent, types = match.kwargs.get("parent_page_id"), request.GET.get("page_type")
    if parent is None and types:
        parent = Page.objects.type(*page_models_from_string(types)).first_common_ancestor().pk
    if parent is not None:
        refuse_unseen(request.user, parent)


def refuse_unexplored(user: AbstractUser | AnonymousUser, pk: int) -> None:
    """:raises PermissionDenied: the explorer doesn't show this page to the user."""
    if not explored(user).filter(pk=pk).exists():
        raise PermissionDenied


def refuse_others_fiches(user: AbstractUser | AnonymousUser, pk: int) -> None:
    """Makes a query only for users who see their own fiches only; Wagtail's views check the permissions of all others.

    :raises PermissionDenied: the user sees only their own fiches, and this page isn't theirs.
    """
    if policy_registry.get_by_type(Page).lists_of_own_pages(user):
        refuse_unexplored(user, pk)


def before_move_page(request: HttpRequest, page: Page, destination: Page) -> None:
    """Hook: checks the permission before the confirmation page, which shows both titles. Wagtail checks it after only."""
    if not page.permissions_for_user(request.user).can_move_to(destination):
        raise PermissionDenied


def before_copy_page(request: HttpRequest, page: Page) -> None:
    """Hook: checks the parent page that was sent, since an invalid form is shown again with its title."""
    if parent := read_key(request.POST.get("new_parent_page", "")):
        refuse_unseen(request.user, parent)


class SeenPages(BulkAction):
    """Mixin of a bulk action: doesn't list the refused pages whose titles the user may not read, and calls the hooks
    ``before_bulk_confirmation(request, action_type, pages, action)``, which may return a response instead of the confirmation."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        pages, _others = self.get_actionable_objects()
        hooked = (hook(request, self.action_type, pages, self) for hook in hooks.get_hooks("before_bulk_confirmation"))
        return next(filter(None, hooked), None) or super().get(request, *args, **kwargs)

    def get_actionable_objects(self) -> tuple[list[Page], dict[str, Any]]:
        if not all(key.isdecimal() for key in self.request.GET.getlist("id") if key != "all"):
            raise BadRequest
        objects, others = super().get_actionable_objects()
        refused = others["items_with_no_access"]
        hidden = unreadable_pages(self.request.user, [page.pk for page in refused])
        return objects, {**others, "items_with_no_access": [page for page in refused if page.pk not in hidden]}


BULK_ACTIONS = [
    type(action.__name__, (SeenPages, action), {})
    for action in (DiscardBulkAction, MoveBulkAction, PublishWithoutObstacle, UnpublishBulkAction)
]


def may_read_title_by_key(user: Any, model: type[Model], pk: int) -> bool:
    """Whether ``user`` may read the title of the page, picture or document ``pk``; true for any other model."""
    if issubclass(model, Page):
        return not unreadable_pages(user, [pk])
    if model in (get_image_model(), get_document_model()):
        return user.is_superuser or access.may_read_title(user, model._default_manager.get(pk=pk))
    return True


# --- Where Wagtail has no hook: see `fiches.wagtail_overrides` ----------------------------------------------------------------


def answer_seen_pages(get: Callable) -> Callable:
    """Removes from the page chooser's "chosen" answer the pages whose titles the user may not read."""

    @wraps(get)
    def get_seen(self: Any, request: Any) -> HttpResponse:
        asked = [int(pk) for pk in request.GET.getlist("id") if pk.isdecimal()]
        hidden = unreadable_pages(request.user, asked)
        request.GET = request.GET.copy()
        request.GET.setlist("id", [pk for pk in asked if pk not in hidden])
        return get(self, request)

    return get_seen


def link_to_seen_pages(post: Callable) -> Callable:
    """Keeps a typed address as it is when the user may not read the title of the page there. Wagtail would convert it to a link
    to that page and show its title."""

    @wraps(post)
    def post_seen(self: Any, request: HttpRequest) -> HttpResponse:
        response = post(self, request)
        answer = json.loads(response.content)
        page = (answer.get("internal") or answer.get("result") or {}).get("id")
        if page and unreadable_pages(request.user, [page]):
            return self.render_chosen_response(self.get_result_data())
        return response

    return post_seen


def title_if_readable(describe: Callable) -> Callable:
    """Hides the title and thumbnail that a chooser's field shows when the user may not read them. A form that is refused is shown
    again with whatever primary key was sent."""

    @wraps(describe)
    def describe_readable(self: Any, value: Model | int | None) -> dict[str, Any] | None:
        data = describe(self, value)
        user = data and current_reader()
        if not user or may_read_title_by_key(user, self.model_class, data["id"]):
            return data
        hidden = {"id": data["id"], self.display_title_key: gettext("(you have no access to it)"), "edit_url": None}
        if "preview" in data:
            hidden |= {"preview": {"url": "", "width": 0, "height": 0}, "default_alt_text": ""}
        return hidden

    return describe_readable


def name_seen_pages(decorate: Callable) -> Callable:
    """Hides the last edited page of each type in the report on page types, when the user may not read its title."""

    @wraps(decorate)
    def decorate_seen(self: Any, page_types: QuerySet) -> QuerySet:
        hidden = unreadable_pages(
            self.request.user, [each.last_edited_page_id for each in page_types if each.last_edited_page_id]
        )
        for page_type in page_types:
            if page_type.last_edited_page_id in hidden:
                page_type.last_edited_page_id = None
        return decorate(self, page_types)

    return decorate_seen
