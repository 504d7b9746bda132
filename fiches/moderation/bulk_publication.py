"""The bulk action that publishes pages, except those with an obstacle or an error, which are listed with the reason."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.views.pages.bulk_actions import PublishBulkAction
from wagtail.models import Page

from fiches.formats import moment
from fiches.models.revisions import AliasHasNoRevisions, refuse_alias
from fiches.moderation.completeness import wrong_values
from fiches.moderation.decision import obstacles


class PublishWithoutObstacle(PublishBulkAction):
    """Wagtail's bulk publication, without the pages that have obstacles (`fiches.moderation.decision.obstacles`) or whose draft has
    errors."""

    def prepare_action(self, objects: list[Page], objects_without_access: Any) -> HttpResponse | None:
        """Adds the drafts below ``objects`` if the form asks for it, and removes the pages with obstacles."""
        if self.cleaned_form.cleaned_data["include_descendants"]:
            known = {page.pk for page in objects}
            below = [draft for page in objects for draft in page.get_descendants().not_live() if self.check_perm(draft)]
            objects += {draft.pk: draft for draft in below if draft.pk not in known}.values()
        objects[:] = [page for page in objects if not self._is_left_out(page)]
        self._asked = [page.pk for page in objects]
        return super().prepare_action(objects, objects_without_access)

    def _is_left_out(self, page: Page) -> bool:
        reasons = _alias(page) or obstacles(page)
        if not reasons and (revision := page.get_latest_revision()):
            reasons = list(wrong_values(revision.as_object()).values())
        if reasons:
            text = _("“%(title)s” was left out. %(reason)s")
            messages.error(self.request, text % {"title": page.draft_title, "reason": " ".join(reasons)})
        return bool(reasons)

    def get_execution_context(self) -> dict[str, Any]:
        """Without ``include_descendants``: :meth:`prepare_action` already added the pages below."""
        return {**super().get_execution_context(), "include_descendants": False}

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str | None:
        """Counts the pages that are online now; says of each other one why it is not."""
        for page in Page.objects.filter(pk__in=self._asked, live=False):
            num_parent_objects -= 1
            reasons = obstacles(page) or [_why_offline(page)]
            text = _("“%(title)s” is not online. %(reason)s") % {
                "title": page.draft_title,
                "reason": " ".join(reasons),
            }
            messages.warning(self.request, text)
        return super().get_success_message(num_parent_objects, num_child_objects) if num_parent_objects else None


def _alias(page: Page) -> list[str]:
    try:
        refuse_alias(page)
    except AliasHasNoRevisions as refusal:
        return refusal.messages
    return []


def _why_offline(page: Page) -> str:
    if page.scheduled_revision:
        when = moment(page.scheduled_revision.approved_go_live_at)
        return _("It goes online on %(when)s.") % {"when": when}
    return _("Open it to see what keeps it off the site.")
