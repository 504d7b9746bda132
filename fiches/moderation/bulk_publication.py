"""Publishes many pages at once, less those that something keeps off the site: each of these is named, with the reason."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.views.pages.bulk_actions import PublishBulkAction
from wagtail.models import Page

from fiches.moderation.decision import obstacles


class PublishWithoutObstacle(PublishBulkAction):
    """Wagtail's action, which would count a page that leaves the site as soon as it is published (`obstacles`)."""

    def prepare_action(self, objects: list[Page], objects_without_access: Any) -> HttpResponse | None:
        """Adds to ``objects`` the drafts below them if asked to, and takes out those that are left out."""
        if self.cleaned_form.cleaned_data["include_descendants"]:
            known = {page.pk for page in objects}
            below = [draft for page in objects for draft in page.get_descendants().not_live() if self.check_perm(draft)]
            objects += {draft.pk: draft for draft in below if draft.pk not in known}.values()
        objects[:] = [page for page in objects if not self._is_left_out(page)]
        return super().prepare_action(objects, objects_without_access)

    def _is_left_out(self, page: Page) -> bool:
        reasons = obstacles(page)
        if reasons:
            told = _("“%(title)s” was left out. %(reason)s")
            messages.error(self.request, told % {"title": page.draft_title, "reason": " ".join(reasons)})
        return bool(reasons)

    def get_execution_context(self) -> dict[str, Any]:
        """The pages below are in the list already (`prepare_action`)."""
        return {**super().get_execution_context(), "include_descendants": False}

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str | None:
        return super().get_success_message(num_parent_objects, num_child_objects) if num_parent_objects else None
