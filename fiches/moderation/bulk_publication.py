"""The bulk action that publishes pages, except those with an obstacle, which are listed with the reason."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.views.pages.bulk_actions import PublishBulkAction
from wagtail.models import Page

from fiches.moderation.decision import obstacles


class PublishWithoutObstacle(PublishBulkAction):
    """Wagtail's bulk publication, without the pages that have obstacles (`fiches.moderation.decision.obstacles`)."""

    def prepare_action(self, objects: list[Page], objects_without_access: Any) -> HttpResponse | None:
        """Adds the drafts below ``objects`` if the form asks for it, and removes the pages with obstacles."""
        if self.cleaned_form.cleaned_data["include_descendants"]:
            known = {page.pk for page in objects}
            below = [draft for page in objects for draft in page.get_descendants().not_live() if self.check_perm(draft)]
            objects += {draft.pk: draft for draft in below if draft.pk not in known}.values()
        objects[:] = [page for page in objects if not self._is_left_out(page)]
        return super().prepare_action(objects, objects_without_access)

    def _is_left_out(self, page: Page) -> bool:
        reasons = obstacles(page)
        if reasons:
            text = _("“%(title)s” was left out. %(reason)s")
            messages.error(self.request, text % {"title": page.draft_title, "reason": " ".join(reasons)})
        return bool(reasons)

    def get_execution_context(self) -> dict[str, Any]:
        """Without ``include_descendants``: :meth:`prepare_action` already added the pages below."""
        return {**super().get_execution_context(), "include_descendants": False}

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str | None:
        return super().get_success_message(num_parent_objects, num_child_objects) if num_parent_objects else None
