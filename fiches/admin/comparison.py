"""The comparison of two revisions: the view, the log entries between them, the version that a user last read."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.http import Http404
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from wagtail.admin.utils import get_user_display_name
from wagtail.admin.views.pages.revisions import RevisionsCompareView
from wagtail.log_actions import registry
from wagtail.models import Page, PageLogEntry, Revision, TaskState

from fiches.admin.differences import changes
from fiches.admin.draft_revision import IN_BULK
from fiches.admin.page_revisions import at_revisions, load_pictures
from fiches.formats import moment
from fiches.models import ApprobationTask, FichePage
from fiches.moderation.reviewers import MOST_ENTRIES, log_of, revisions_of, task_states_of

if TYPE_CHECKING:
    from fiches.admin.differences import Change


# Log actions written just after a revision, about that revision.
REVISION_ACTIONS = ("wagtail.create", "wagtail.edit", IN_BULK)


class WordedCompareView(RevisionsCompareView):
    """The comparison view of a fiche or étape, with readable differences (`fiches.admin.differences`)."""

    template_name = "fiches/admin/comparaison.html"

    def _get_comparison(self, revision_a: Revision | Page, revision_b: Revision | Page) -> "list[Change]":
        revisions = [each for each in (revision_a, revision_b) if isinstance(each, Revision)]
        pages = dict(zip(revisions, at_revisions(self.object, revisions), strict=True))
        before, after = (pages.get(each, each) for each in (revision_a, revision_b))
        if isinstance(self.object, FichePage):
            load_pictures(after, before)
        return changes(self.object, before, after, self.request)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        first, last = self._revision(self.revision_id_a), self._revision(self.revision_id_b)
        return {**super().get_context_data(**kwargs), "faits": facts(self.object, first, last)}

    def _get_revision_and_heading(self, revision_id: str) -> "tuple[Revision | Page, str]":
        """The page online, or a revision: :meth:`_get_comparison` makes a page of it."""
        if revision_id == "live":
            return super()._get_revision_and_heading(revision_id)
        revision = self._revision(revision_id)
        if revision is None:
            raise Http404
        heading = date_format(timezone.localtime(revision.created_at), "SHORT_DATETIME_FORMAT")
        return revision, {"earliest": _("Earliest"), "latest": _("Latest")}.get(revision_id, heading)

    def _revision(self, key: str) -> Revision:
        """The revision that a key of the address names; None if the live page has no stored revision."""
        revisions = self.object.revisions.order_by("created_at", "pk")
        if key == "live":
            return self.object.live_revision
        if key in ("earliest", "latest"):
            return revisions.first() if key == "earliest" else revisions.last()
        return revisions.filter(pk=key).first()


def facts(page: Page, one: Revision | None = None, other: Revision | None = None) -> list[Any]:
    """``[{"action", "qui", "quoi", "quand", "commentaire"}]``: the log entries of a page from the older of two revisions to the one
    after the newer; its last entries if one of the revisions is None."""
    if not (one and other):
        return _worded(log_of(page))
    first, last = sorted((one, other), key=lambda revision: revision.created_at)
    entries = PageLogEntry.objects.filter(page=page.pk, timestamp__gt=first.created_at)
    entries = entries.exclude(revision=first, action__in=REVISION_ACTIONS)
    if following := page.revisions.filter(created_at__gt=last.created_at).order_by("created_at").first():
        entries = entries.filter(timestamp__lt=following.created_at)
    return _worded(entries.select_related("user").order_by("timestamp")[:MOST_ENTRIES])


def _worded(entries: Iterable[PageLogEntry]) -> list[Any]:
    return [
        {
            "action": entry.action,
            "qui": get_user_display_name(entry.user) if entry.user else _("nobody signed in"),
            "quoi": entry.formatter.format_message(entry) if entry.formatter else entry.action,
            "quand": entry.timestamp,
            "commentaire": entry.formatter.format_comment(entry) if entry.formatter else "",
        }
        for entry in entries
        if registry.action_exists(entry.action)
    ]


class VersionReading(NamedTuple):
    """The version with which a draft is compared. ``since`` says which one it is, as the end of « What changed … »."""

    revision: Revision
    since: str


def last_read(page: FichePage, user: AbstractUser | AnonymousUser) -> VersionReading | None:
    """The version of a page that ``user`` last wrote, but not by a bulk action, or decided on. Without one, or if it is the
    latest and another one is online: the version online; else that of the last decision; else the first one. None if the page has
    only one version, which nobody decided on."""
    over = [state for state in task_states_of(page) if state.status != TaskState.STATUS_IN_PROGRESS]
    over.sort(key=lambda state: state.finished_at or state.started_at)
    decisions = [(state.revision_id, state.finished_by_id) for state in over]
    unread = {entry.revision_id for entry in log_of(page) if entry.action == IN_BULK}
    versions = [(revision.pk, revision.user_id) for revision in revisions_of(page) if revision.pk not in unread]
    own = [pk for pk, who in [*versions, *decisions] if pk and who == user.pk]
    others = [pk for pk, _who in decisions if pk and pk != page.latest_revision_id]
    online = page.live_revision_id if page.live else None
    if own and not (online and max(own) == page.latest_revision_id != online):
        return _reading(page, max(own), _("since you last decided or wrote, on the version of %(when)s"))
    if online:
        return _reading(page, online, _("since the version that is online"))
    if others:
        return _reading(page, others[-1], _("since the last decision, on the version of %(when)s"))
    if len(versions) < 2:
        return None
    return _reading(page, versions[0][0], _("since the first version, of %(when)s"))


def latest_and_read(page: Page, reading: VersionReading | None) -> list[Any]:
    """The latest version of a page, then the one that the user read if it is another. Without a revision: as it is stored."""
    if page.latest_revision is None:
        return [page]
    is_other = reading is not None and reading.revision.pk != page.latest_revision_id
    return at_revisions(page, [page.latest_revision, *([reading.revision] if reading and is_other else [])])


def earlier_decision(page: FichePage) -> str:
    """Who last decided on a page and what, as a sentence for those who read it for the first time; "" if nobody did."""
    decided = (TaskState.STATUS_APPROVED, TaskState.STATUS_REJECTED)
    states = [state for state in task_states_of(page) if state.status in decided and state.finished_by]
    if not states:
        return ""
    last = max(states, key=lambda state: state.finished_at)
    if last.status == TaskState.STATUS_REJECTED:
        text = _("%(who)s asked for corrections of it.")
    elif isinstance(last.task.specific, ApprobationTask):
        text = _("%(who)s approved it.")
    else:
        text = _("%(who)s read it and passed it on.")
    return text % {"who": get_user_display_name(last.finished_by)}


def _reading(page: FichePage, key: int, since: str) -> VersionReading | None:
    revision = next((revision for revision in revisions_of(page) if revision.pk == key), None)
    return revision and VersionReading(revision, since % _moment(revision))


def _moment(revision: Revision) -> dict[str, str]:
    return {"when": moment(revision.created_at)}
