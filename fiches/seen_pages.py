"""Nothing is told of a page to whom doesn't see it: the places where Wagtail's admin shows a title before it refuses."""

from django.core.exceptions import PermissionDenied
from wagtail.admin.views.chooser import ChosenMultipleView
from wagtail.admin.views.pages.bulk_actions import (
    DeleteBulkAction,
    MoveBulkAction,
    PublishBulkAction,
    UnpublishBulkAction,
)
from wagtail.admin.views.reports.page_types_usage import PageTypesUsageReportView
from wagtail.models import Page
from wagtail.permissions import policy_registry


def unseen(user, pks):
    """Those of the pages ``pks`` that this person doesn't see in the admin; nothing for who sees all the fiches."""
    policy = policy_registry.get_by_type(Page)
    if not policy.lists_of_own_pages(user):
        return set()
    return set(pks) - set(policy.explorable_instances(user).filter(pk__in=pks).values_list("pk", flat=True))


def refuse_unseen(user, pk):
    """:raises PermissionDenied: they don't see this page."""
    if unseen(user, [pk]):
        raise PermissionDenied


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
    """Where Wagtail looks pages up without asking whether they are seen, and has no hook.

    Its answer to "these were chosen", and the report that names the last page changed of each type.
    """
    chosen, last_changed = ChosenMultipleView.get, PageTypesUsageReportView.decorate_paginated_queryset

    def get(self, request):
        asked = [int(pk) for pk in request.GET.getlist("id") if pk.isdecimal()]
        hidden = unseen(request.user, asked)
        request.GET = request.GET.copy()
        request.GET.setlist("id", [pk for pk in asked if pk not in hidden])
        return chosen(self, request)

    def decorate_paginated_queryset(self, page_types):
        hidden = unseen(
            self.request.user, [each.last_edited_page_id for each in page_types if each.last_edited_page_id]
        )
        for page_type in page_types:
            if page_type.last_edited_page_id in hidden:
                page_type.last_edited_page_id = None
        return last_changed(self, page_types)

    ChosenMultipleView.get = get
    PageTypesUsageReportView.decorate_paginated_queryset = decorate_paginated_queryset
