"""The bulk action that publishes pages, except those with an obstacle or an error, which are listed with the reason."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.views.pages.bulk_actions import PublishBulkAction
from wagtail.models import Page

from fiches.formats import moment
from fiches.models.revisions import refuse_alias
from fiches.moderation.completeness import wrong_values
from fiches.moderation.decision import DecisionRefused, IncompleteFiche, NotToBePublished, obstacles
from fiches.moderation.item_by_item import act_on_each, locked_page, say_left_out


class PublishWithoutObstacle(PublishBulkAction):
    """Wagtail's bulk publication, without the pages that have obstacles (`fiches.moderation.decision.obstacles`) or whose draft has
    errors. Each page is checked and published with its row locked."""

    def prepare_action(self, objects: list[Page], objects_without_access: Any) -> HttpResponse | None:
        """Adds the drafts below ``objects`` if the form asks for it."""
        if self.cleaned_form.cleaned_data["include_descendants"]:
            known = {page.pk for page in objects}
            below = [draft for page in objects for draft in page.get_descendants().not_live() if self.check_perm(draft)]
            objects += {draft.pk: draft for draft in below if draft.pk not in known}.values()
        return super().prepare_action(objects, objects_without_access)

    def get_execution_context(self) -> dict[str, Any]:
        return {"view": self}

    @classmethod
    def execute_action(cls, objects: list[Page], view: Any = None, **kwargs: Any) -> tuple[int, int]:
        objects[:], view.left_out = act_on_each(objects, view.publish)
        view.asked = [page.pk for page in objects]
        return len(objects), 0

    def publish(self, page: Page) -> None:
        """:raises DecisionRefused, ValidationError: the page is left out."""
        current = locked_page(page)
        if not self.check_perm(current):
            raise DecisionRefused(_("You may not publish it, or it is in the review."))
        refuse_alias(current)
        if reasons := obstacles(current):
            raise NotToBePublished(" ".join(reasons))
        revision = current.get_latest_revision()
        if revision and (errors := wrong_values(revision.as_object())):
            raise IncompleteFiche(" ".join(errors.values()))
        revision = revision or current.save_revision(user=self.request.user)
        revision.publish(user=self.request.user)

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str | None:
        """Counts the pages that are online now; says of each other one why it is not."""
        say_left_out(self.request, [(page.draft_title, reason) for page, reason in self.left_out])
        for page in Page.objects.filter(pk__in=self.asked, live=False):
            num_parent_objects -= 1
            reasons = obstacles(page) or [_why_offline(page)]
            text = _("“%(title)s” is not online. %(reason)s") % {
                "title": page.draft_title,
                "reason": " ".join(reasons),
            }
            messages.warning(self.request, text)
        return super().get_success_message(num_parent_objects, num_child_objects) if num_parent_objects else None


def _why_offline(page: Page) -> str:
    if page.scheduled_revision:
        when = moment(page.scheduled_revision.approved_go_live_at)
        return _("It goes online on %(when)s.") % {"when": when}
    return _("Open it to see what keeps it off the site.")
