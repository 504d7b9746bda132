"""Hides the titles of pages that a person doesn't see: the places where Wagtail's admin shows one before it refuses, or
without asking. Those of pictures and documents too, in the forms that hold one.

A person sees a page in the admin when its explorer shows it to them. Elsewhere, such as in a chooser, they are also shown
the pages that everyone may read, unless a draft gave them another title.
"""

import json

from django.core.exceptions import PermissionDenied
from django.db.models import F, Q
from django.utils.translation import gettext
from wagtail.admin.views.chooser import BrowseView, ChosenMultipleView, ExternalLinkView
from wagtail.admin.views.pages.bulk_actions import (
    DeleteBulkAction,
    MoveBulkAction,
    PublishBulkAction,
    UnpublishBulkAction,
)
from wagtail.admin.views.reports.page_types_usage import PageTypesUsageReportView
from wagtail.admin.widgets import BaseChooser
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page
from wagtail.permissions import policy_registry

from fiches import medias
from fiches.querysets import VisibleQuerySet
from fiches.reader import current_reader


def explored(user):
    """The pages that the explorer shows to this person."""
    return policy_registry.get_by_type(Page).explorable_instances(user)


def told(user):
    """The pages whose titles this person may read, wherever it is, and the root of the tree."""
    public = VisibleQuerySet(Page).visible().filter(draft_title=F("title"))
    either = Q(depth=1) | Q(pk__in=explored(user).values("pk")) | Q(pk__in=public.values("pk"))
    return Page.objects.all() if user.is_active and user.is_superuser else Page.objects.filter(either)


def unseen(user, pks):
    """Those of the pages ``pks`` whose titles this person may not read."""
    return set(pks) - set(told(user).filter(pk__in=pks).values_list("pk", flat=True))


def refuse_unseen(user, pk):
    """:raises PermissionDenied: this person may not read the title of this page."""
    if unseen(user, [pk]):
        raise PermissionDenied


def refuse_unexplored(user, pk):
    """:raises PermissionDenied: the explorer doesn't show this page to this person."""
    if not explored(user).filter(pk=pk).exists():
        raise PermissionDenied


def refuse_others_fiches(user, pk):
    """:raises PermissionDenied: this person sees only their own fiches, and this page is another's. One query more, for them
    alone: Wagtail's views ask for the rights of all others."""
    if policy_registry.get_by_type(Page).lists_of_own_pages(user):
        refuse_unexplored(user, pk)


def before_move_page(request, page, destination):
    """Hook: Wagtail names both pages on the page that asks to confirm, and looks at the rights once it is confirmed."""
    if not page.permissions_for_user(request.user).can_move_to(destination):
        raise PermissionDenied


def before_copy_page(request, page):
    """Hook: a form that is wrong comes back with the title of the parent that was sent."""
    parent = request.POST.get("new_parent_page", "")
    if parent.isdecimal():
        refuse_unseen(request.user, int(parent))


class SeenPages:
    """A bulk action that doesn't name the pages that it can't touch, where they are not seen."""

    def get_actionable_objects(self):
        objects, others = super().get_actionable_objects()
        refused = others["items_with_no_access"]
        hidden = unseen(self.request.user, [page.pk for page in refused])
        return objects, {**others, "items_with_no_access": [page for page in refused if page.pk not in hidden]}


BULK_ACTIONS = [
    type(action.__name__, (SeenPages, action), {})
    for action in (DeleteBulkAction, MoveBulkAction, PublishBulkAction, UnpublishBulkAction)
]


def hide_unseen():
    """Replaces methods of Wagtail's views that show titles without asking who reads, and have no hook (see
    docs/decisions/0009). Called once, when Django starts."""
    BaseChooser.get_value_data = _titled_if_seen(BaseChooser.get_value_data)
    ChosenMultipleView.get = _only_seen(ChosenMultipleView.get)
    BrowseView.get_object_list = _of_a_seen_parent(BrowseView.get_object_list)
    ExternalLinkView.post = _link_to_a_seen_page(ExternalLinkView.post)
    PageTypesUsageReportView.decorate_paginated_queryset = _last_changed_if_seen(
        PageTypesUsageReportView.decorate_paginated_queryset
    )


def _titled_if_seen(described):
    """What a chooser's field shows of the page, picture or document whose number it holds: a form that is wrong comes back with
    whatever number was sent."""

    def get_value_data(self, value):
        data = described(self, value)
        user = data and current_reader()
        if not user or _may_read_title(user, self.model_class, data["id"]):
            return data
        hidden = {"id": data["id"], self.display_title_key: gettext("(you have no access to it)"), "edit_url": None}
        if "preview" in data:
            hidden |= {"preview": {"url": "", "width": 0, "height": 0}, "default_alt_text": ""}
        return hidden

    return get_value_data


def _may_read_title(user, model, pk):
    if issubclass(model, Page):
        return not unseen(user, [pk])
    if model in (get_image_model(), get_document_model()):
        return user.is_superuser or medias.may_read_title(user, model._default_manager.get(pk=pk))
    return True  # snippets are everyone's


def _only_seen(chosen):
    """The chooser's answer to "these were chosen"."""

    def get(self, request):
        asked = [int(pk) for pk in request.GET.getlist("id") if pk.isdecimal()]
        hidden = unseen(request.user, asked)
        request.GET = request.GET.copy()
        request.GET.setlist("id", [pk for pk in asked if pk not in hidden])
        return chosen(self, request)

    return get


def _of_a_seen_parent(children):
    """The chooser's list, below the title of the parent page."""

    def get_object_list(self):
        refuse_unseen(self.request.user, self.parent_page.pk)
        return children(self)

    return get_object_list


def _link_to_a_seen_page(converted):
    """The address that was typed, which Wagtail turns into a link to the page that is there, with its title."""

    def post(self, request):
        response = converted(self, request)
        answer = json.loads(response.content)
        found = (answer.get("internal") or answer.get("result") or {}).get("id")
        if found and unseen(request.user, [found]):
            return self.render_chosen_response(self.get_result_data())
        return response

    return post


def _last_changed_if_seen(decorated):
    """The report that names the last page changed of each type."""

    def decorate_paginated_queryset(self, page_types):
        last = [each.last_edited_page_id for each in page_types if each.last_edited_page_id]
        hidden = unseen(self.request.user, last)
        for page_type in page_types:
            if page_type.last_edited_page_id in hidden:
                page_type.last_edited_page_id = None
        return decorated(self, page_types)

    return decorate_paginated_queryset
