"""Permissions on pages: what a user may do, and which pages they see in the admin.

Wagtail's permissions are given at a page and hold below it. Four rules are added:

- a fiche is published by the review only (`fiches.moderation.decision.decide`). A "publish" permission given above the list of
  fiches doesn't apply to them; given at the list, it allows to unpublish. A superuser may publish a fiche that is not under
  review;
- a user who may only *add* to the list of fiches sees their own fiches only;
- only superusers delete a fiche that was ever online, or that a dossier made: the others unpublish it;
- another app may allow a user to edit more pages, by the hook ``pages_also_edited_by(user)``, which returns a page queryset.
"""

from collections.abc import Iterable

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from wagtail import hooks
from wagtail.models import GroupPagePermission, Page, PagePermissionTester
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail.permissions import policy_registry

from fiches.models.querysets import VisibleQuerySet
from fiches.models.role_group import add_rules

SEES_MORE = {"change_page", "publish_page", "bulk_delete_page"}


class RallyPermissionTester(PagePermissionTester):
    """Allows editing the pages of the hook ``pages_also_edited_by``."""

    def can_edit(self) -> bool:
        return super().can_edit() or self.page.path in also_edited_by(self.user)


class FichePermissionTester(RallyPermissionTester):
    """The permissions on a fiche: it is published by the review only."""

    def __init__(self, user: AbstractUser | AnonymousUser, page: Page) -> None:
        super().__init__(user, page)
        if page.depth and user.is_active and not user.is_superuser:  # a fiche that is being created has no depth
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
        """A draft that was never online and has no dossier; not while the review locks it. Superusers delete every fiche."""
        if not self.user.is_active or self.user.is_superuser:
            return self.user.is_active
        if self.page.live or self.page.first_published_at or hasattr(self.page, "dossier"):
            return False
        own = "add" in self.permissions and self.page.owner_id == self.user.pk
        return ("change" in self.permissions or own) and not self.page_locked()


class FicheIndexPermissionTester(PagePermissionTester):
    """The permissions on the list of fiches: only superusers may publish a fiche when they create it."""

    def can_publish_subpage(self) -> bool:
        return self.user.is_active and self.user.is_superuser


class PageRules(PagePermissionPolicy):
    """The rules that this module adds to the permission policy of pages."""

    def user_has_any_permission_for_instance(
        self, user: AbstractUser | AnonymousUser, actions: Iterable[str], instance: Page
    ) -> bool:
        if super().user_has_any_permission_for_instance(user, actions, instance):
            return True
        return "change" in actions and instance.path in also_edited_by(user)

    def instances_user_has_any_permission_for(
        self, user: AbstractUser | AnonymousUser, actions: Iterable[str]
    ) -> QuerySet[Page]:
        pages = super().instances_user_has_any_permission_for(user, actions)
        if "change" in actions and (more := also_edited_by(user)):
            pages |= self.model._default_manager.filter(path__in=more)
        return pages

    def instances_with_direct_explore_permission(self, user: AbstractUser | AnonymousUser) -> list[Page]:
        pages = list(super().instances_with_direct_explore_permission(user))
        more = also_edited_by(user)
        return [*pages, *Page.objects.filter(path__in=more)] if more else pages

    def explorable_instances(self, user: AbstractUser | AnonymousUser) -> QuerySet[Page]:
        pages = super().explorable_instances(user)
        for index in self.lists_of_own_pages(user):
            pages = pages.exclude(pk__in=Page.objects.descendant_of(index).exclude(owner=user).values("pk"))
        if more := also_edited_by(user):
            above = {path[:end] for path in more for end in range(2 * Page.steplen, len(path) + 1, Page.steplen)}
            pages |= self.model._default_manager.filter(path__in=above)
        return pages

    def lists_of_own_pages(self, user: AbstractUser | AnonymousUser) -> list[Page]:
        """The lists of fiches where the user may only add, and so sees only their own pages."""
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


def may_take_offline(page: Page, user: AbstractUser | AnonymousUser) -> bool:
    """Whether ``user`` may take ``page`` off the site where it is online, and so put it back."""
    permissions = page.permissions_for_user(user)
    return bool(getattr(permissions, "can_take_offline", permissions.can_publish)())


def readable_pages(user: AbstractUser | AnonymousUser) -> QuerySet[Page]:
    """The root of the tree, the pages that the explorer shows to the user, and the public ones."""
    explored = policy_registry.get_by_type(Page).explorable_instances(user)
    public = VisibleQuerySet(Page).visible()
    return Page.objects.filter(Q(depth=1) | Q(pk__in=explored.values("pk")) | Q(pk__in=public.values("pk")))


def refuse_unexplored(user: AbstractUser | AnonymousUser, pk: int) -> None:
    """:raises PermissionDenied: the explorer doesn't show this page to the user."""
    if not policy_registry.get_by_type(Page).explorable_instances(user).filter(pk=pk).exists():
        raise PermissionDenied


def refuse_others_fiches(user: AbstractUser | AnonymousUser, pk: int) -> None:
    """:raises PermissionDenied: the user sees only their own fiches, and this page isn't theirs."""
    if policy_registry.get_by_type(Page).lists_of_own_pages(user):
        refuse_unexplored(user, pk)


def register() -> None:
    """Adds the rules to the policy of pages: see :func:`add_rules`."""
    add_rules(PageRules, Page)


def also_edited_by(user: AbstractUser | AnonymousUser) -> frozenset[str]:
    """The tree paths of the pages that the hook ``pages_also_edited_by`` gives to ``user``; cached on the user object."""
    if not user.is_active or user.is_anonymous or user.is_superuser:
        return frozenset()
    known: frozenset[str] | None = getattr(user, "_also_edited", None)
    if known is None:
        querysets = (pages(user).values_list("path", flat=True) for pages in hooks.get_hooks("pages_also_edited_by"))
        known = frozenset(path for paths in querysets for path in paths)
        setattr(user, "_also_edited", known)  # noqa: B010 - no user model declares it
    return known


def _publishes(given: GroupPagePermission) -> bool:
    return given.permission.codename == "publish_page"


def _lists_fiches(page: Page) -> bool:
    return page.cached_content_type.model_class()._meta.label_lower == "rallynov_fiches.ficheindexpage"
