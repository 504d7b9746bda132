"""Nothing is told of a page to whom doesn't see it: the places where Wagtail's admin shows a title before it refuses."""

from django.core.exceptions import PermissionDenied
from wagtail.admin.views.chooser import ChosenMultipleView
from wagtail.admin.views.pages.bulk_actions import (
    DeleteBulkAction,
    MoveBulkAction,
    PublishBulkAction,
    UnpublishBulkAction,
)
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


def choose_seen_pages_only():
    """Wagtail's answer to "these were chosen" looks pages up without asking whether they are seen, and has no hook."""
    stock = ChosenMultipleView.get

    def get(self, request):
        asked = [int(pk) for pk in request.GET.getlist("id") if pk.isdecimal()]
        hidden = unseen(request.user, asked)
        request.GET = request.GET.copy()
        request.GET.setlist("id", [pk for pk in asked if pk not in hidden])
        return stock(self, request)

    ChosenMultipleView.get = get
