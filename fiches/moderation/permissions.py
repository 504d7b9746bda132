"""What a person may do to a page, and which pages they see in the admin.

Wagtail's rights are given at a page and hold below it. Three things are added:

- a fiche goes online through the review alone (`fiches.moderation.decision.decide`): a right to publish given above the list of
  the fiches doesn't reach them; given at the list, it is the right to take them offline. A superuser may still publish
  one that is not under review;
- who may only *add* to the list of the fiches sees there their own, and no other;
- a room may let somebody change pages on other grounds: hook ``pages_also_edited_by(user)``, which returns pages;
- what is in the bin is nobody's to see or to change: its own screens give it back.
"""

from collections.abc import Iterable

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db.models import QuerySet
from wagtail import hooks
from wagtail.models import AbstractPage, GroupPagePermission, Page, PagePermissionTester
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail.permissions import register_permission_policy

from fiches.models.corbeille import in_the_bin, is_in_the_bin

SEES_MORE = {"change_page", "publish_page", "bulk_delete_page"}


class RallyPermissionTester(PagePermissionTester):
    """Knows of the pages that somebody may change on other grounds."""

    def can_edit(self) -> bool:
        return super().can_edit() or self.page.path in also_edited_by(self.user)


class FichePermissionTester(RallyPermissionTester):
    """A fiche goes online through the review alone."""

    def __init__(self, user: AbstractUser | AnonymousUser, page: Page) -> None:
        super().__init__(AnonymousUser() if is_in_the_bin(page) else user, page)
        user = self.user
        if page.depth and user.is_active and not user.is_superuser:  # the form of a new fiche has no place yet
            given = self.permission_policy.get_cached_permissions_for_user(user)
            index_depth = page.depth - 1
            at_the_list = {each.page.path for each in given if each.page.depth >= index_depth and _publishes(each)}
            if not any(page.path.startswith(path) for path in at_the_list):
                self.permissions.discard("publish")

    def can_publish(self) -> bool:
        return self.user.is_active and self.user.is_superuser and not self.page.workflow_in_progress

    def can_take_offline(self) -> bool:
        return self.user.is_active and (self.user.is_superuser or "publish" in self.permissions)

    can_set_view_restrictions = can_take_offline
    can_unschedule = can_take_offline

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        """As Wagtail's, for a page that has none below it; and not while somebody else is to decide on it."""
        if not self.user.is_active or self.user.is_superuser:
            return self.user.is_active
        if self.page.live and "publish" not in self.permissions:
            return False
        own = "add" in self.permissions and self.page.owner_id == self.user.pk
        return ("change" in self.permissions or own) and not self.page_locked()


class FicheIndexPermissionTester(PagePermissionTester):
    """Nobody puts a new fiche online by making it."""

    def can_publish_subpage(self) -> bool:
        return self.user.is_active and self.user.is_superuser


class RallyPagePolicy(PagePermissionPolicy):
    """Which pages somebody sees and changes, in the admin and in API v3."""

    def user_has_any_permission_for_instance(
        self, user: AbstractUser | AnonymousUser, actions: Iterable[str], instance: Page
    ) -> bool:
        if is_in_the_bin(instance):
            return False
        if super().user_has_any_permission_for_instance(user, actions, instance):
            return True
        return "change" in actions and instance.path in also_edited_by(user)

    def instances_user_has_any_permission_for(
        self, user: AbstractUser | AnonymousUser, actions: Iterable[str]
    ) -> QuerySet[Page]:
        pages = super().instances_user_has_any_permission_for(user, actions).exclude(in_the_bin())
        if "change" in actions and (more := also_edited_by(user)):
            pages |= self.model._default_manager.filter(path__in=more)
        return pages

    def instances_with_direct_explore_permission(self, user: AbstractUser | AnonymousUser) -> list[Page]:
        pages = list(super().instances_with_direct_explore_permission(user))
        more = also_edited_by(user)
        return [*pages, *Page.objects.filter(path__in=more)] if more else pages

    def explorable_instances(self, user: AbstractUser | AnonymousUser) -> QuerySet[Page]:
        pages = super().explorable_instances(user).exclude(in_the_bin())
        for index in self.lists_of_own_pages(user):
            pages = pages.exclude(pk__in=Page.objects.descendant_of(index).exclude(owner=user).values("pk"))
        if more := also_edited_by(user):
            above = {path[:end] for path in more for end in range(2 * Page.steplen, len(path) + 1, Page.steplen)}
            pages |= self.model._default_manager.filter(path__in=above)
        return pages

    def lists_of_own_pages(self, user: AbstractUser | AnonymousUser) -> list[Page]:
        """The lists of fiches to which this person may add, and no more."""
        if not user.is_active or user.is_superuser:
            return []
        given = list(self.get_cached_permissions_for_user(user))
        wide = [each.page.path for each in given if each.permission.codename in SEES_MORE]
        return [
            each.page
            for each in given
            if each.permission.codename == "add_page"
            and _lists_fiches(each.page)
            and not any(each.page.path.startswith(path) for path in wide)
        ]


def register() -> None:
    """Called once, when Django starts."""
    register_permission_policy(AbstractPage, RallyPagePolicy(Page))


def also_edited_by(user: AbstractUser | AnonymousUser) -> frozenset[str]:
    """Tree paths of the pages that the hook gives to ``user``; asked once for each request."""
    if not user.is_active or user.is_anonymous or user.is_superuser:
        return frozenset()
    known: frozenset[str] | None = getattr(user, "_also_edited", None)
    if known is None:
        found = (pages(user).values_list("path", flat=True) for pages in hooks.get_hooks("pages_also_edited_by"))
        known = frozenset(path for paths in found for path in paths)
        setattr(user, "_also_edited", known)  # noqa: B010 - no account's class declares it
    return known


def _publishes(given: GroupPagePermission) -> bool:
    return given.permission.codename == "publish_page"


def _lists_fiches(page: Page) -> bool:
    return page.cached_content_type.model_class()._meta.label_lower == "fiches.ficheindexpage"
