"""The screen where two versions are compared, who did what between them, and the ways that lead there."""

from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin.views.pages.revisions import RevisionsCompareView
from wagtail.log_actions import registry
from wagtail.models import PageLogEntry, TaskState

from fiches.redaction.differences import changes

MOST_FACTS = 100


class WordedCompareView(RevisionsCompareView):
    """Of a fiche, or of an étape."""

    template_name = "fiches/redaction/comparaison.html"

    def _get_comparison(self, revision_a, revision_b):
        return changes(self.object, revision_a, revision_b, self.request)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        dates = [revision.latest_revision_created_at for revision in (context["revision_a"], context["revision_b"])]
        return {**context, "faits": facts(self.object, *self._between(dates))}

    def _between(self, dates):
        """The two moments, in order; the revision's own where it has one."""
        revisions = self.object.revisions.in_bulk(
            [int(key) for key in (self.revision_id_a, self.revision_id_b) if str(key).isdecimal()]
        )
        named = [revision.created_at for revision in revisions.values()]
        known = sorted(date for date in (named or dates) if date)
        return (known[0], known[-1]) if len(known) > 1 else (None, None)


def facts(page, start, end):
    """``[{"qui", "quoi", "quand", "commentaire"}]``: what was done to a page, between two moments where they are known."""
    entries = PageLogEntry.objects.filter(page=page.pk)
    if start and end:
        entries = entries.filter(timestamp__range=(start, end))
    entries = entries.select_related("user").order_by("timestamp")[:MOST_FACTS]
    return [
        {
            "qui": entry.user or _("nobody signed in"),
            "quoi": entry.formatter.format_message(entry) if entry.formatter else entry.action,
            "quand": entry.timestamp,
            "commentaire": entry.formatter.format_comment(entry) if entry.formatter else "",
        }
        for entry in entries
        if registry.action_exists(entry.action)
    ]


def what_changed(page):
    """The address where one sees what changed since the page was last read or published; "" where there is nothing to
    compare."""
    if page.latest_revision_id is None:
        return ""
    if page.live:
        before = "live" if page.has_unpublished_changes else ""
    else:
        decided = TaskState.objects.for_instance(page).exclude(status=TaskState.STATUS_IN_PROGRESS)
        read = (
            decided.exclude(revision=page.latest_revision_id)
            .order_by("-finished_at")
            .values_list("revision", flat=True)
        )
        before = read.first() or ("earliest" if page.revisions.count() > 1 else "")
    return reverse("wagtailadmin_pages:revisions_compare", args=[page.pk, before, "latest"]) if before else ""
