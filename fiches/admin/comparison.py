"""What changed between two versions of a page, as Wagtail compares them; its history; the version that a user last read."""

import re
from datetime import datetime
from typing import Any, NamedTuple

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db import models
from django.http import HttpRequest
from django.utils.formats import localize
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from wagtail.admin.compare import FieldComparison, diff_text, register_comparison_class
from wagtail.admin.utils import get_user_display_name
from wagtail.log_actions import registry
from wagtail.models import Page, Revision, TaskState

from fiches.admin.bulk_actions import IN_BULK
from fiches.formats import moment
from fiches.models import FichePage
from fiches.moderation.reviewers import log_of, revisions_of, task_states_of

# What Wagtail's comparisons mark by a class.
WORDS = re.compile(r'<span class="(addition|deletion)">([^<]*)</span>')
BOXES = re.compile(r'(<div class="[^"]*\b(addition|deletion)">)')


class ValueComparison(FieldComparison):
    """Compares values as a reader writes them: « oui » or « non », a date, nothing for None."""

    def __init__(self, field: models.Field, obj_a: models.Model, obj_b: models.Model) -> None:
        super().__init__(field, obj_a, obj_b)
        self.val_a: str = _in_words(field.value_from_object(obj_a))
        self.val_b: str = _in_words(field.value_from_object(obj_b))


for kind in (models.BooleanField, models.DateField, models.TimeField, models.IntegerField, models.FloatField):
    register_comparison_class(kind, comparison_class=ValueComparison)


def yes_or_no(value: bool) -> str:
    """A truth value as a word, for a reader."""
    return _("yes") if value else _("no")


def _in_words(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return moment(value)
    return yes_or_no(value) if isinstance(value, bool) else localize(value)


class Change(NamedTuple):
    """A field that changed: its label, and the difference as HTML."""

    label: str
    html: str


def changes(page: Page, before: Page, after: Page, request: HttpRequest) -> list[Change]:
    """The :class:`Change` of each changed field, in the order of the page's form."""
    panel = page.get_edit_handler().get_bound_panel(instance=page, request=request, form=None)
    compared = (comparison(before, after) for comparison in panel.get_comparison())
    return [Change(each.field_label(), marked(_difference(each))) for each in compared if each.has_changed()]


def _difference(comparison: Any) -> str:
    """The HTML of one of Wagtail's comparisons; of a child table, that of its rows that changed."""
    if not comparison.is_child_relation:
        return comparison.htmldiff()
    rows = []
    for row in comparison.get_child_comparisons():
        kind = "addition" if row.is_addition() else "deletion" if row.is_deletion() else ""
        fields = [
            (each.field_label(), each.htmldiff()) for each in row.get_field_comparisons() if kind or each.has_changed()
        ]
        if fields:
            rows.append((kind, format_html_join("", "<dt>{}</dt><dd>{}</dd>", fields)))
    return format_html_join("", '<div class="comparison__child-object {}"><dl>{}</dl></div>', rows)


def word_difference(before: str, after: str) -> SafeString:
    """The difference of two texts, word by word."""
    return marked(diff_text(before, after).to_html())


def marked(html: str) -> SafeString:
    """What Wagtail marks by colours alone, with ``<ins>``, ``<del>`` and words for those who don't see."""
    tags = {"addition": ("ins", _("added:")), "deletion": ("del", _("taken out:"))}

    def of_words(found: re.Match[str]) -> str:
        tag, word = tags[found[1]]
        return f'<{tag}><span class="w-sr-only">{word} </span>{found[2]}</{tag}>' if found[2] else ""

    def of_a_box(found: re.Match[str]) -> str:
        return f'{found[1]}<span class="w-sr-only">{tags[found[2]][1]} </span>'

    return mark_safe(BOXES.sub(of_a_box, WORDS.sub(of_words, html)))  # noqa: S308 - Wagtail escapes each value


def facts(page: Page) -> list[Any]:
    """``[{"action", "qui", "quoi", "quand", "commentaire"}]``: the last log entries of a page."""
    return [
        {
            "action": entry.action,
            "qui": get_user_display_name(entry.user) if entry.user else _("nobody signed in"),
            "quoi": entry.formatter.format_message(entry) if entry.formatter else entry.action,
            "quand": entry.timestamp,
            "commentaire": entry.formatter.format_comment(entry) if entry.formatter else "",
        }
        for entry in log_of(page)
        if registry.action_exists(entry.action)
    ]


class VersionReading(NamedTuple):
    """The version with which a draft is compared. ``since`` says which one it is, as the end of « What changed … »."""

    revision: Revision
    since: str


def last_read(page: FichePage, user: AbstractUser | AnonymousUser) -> VersionReading | None:
    """The version of a page that ``user`` last wrote, but not by a bulk action, or decided on. Without one, or if it is the
    latest and another one is online: the version online; else another one on which somebody decided, or None."""
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
    return None


def latest_and_read(page: Page, reading: VersionReading | None) -> list[Any]:
    """The latest version of a page, then the one that the user read if it is another. Without a revision: as it is stored."""
    if page.latest_revision is None:
        return [page]
    is_other = reading is not None and reading.revision.pk != page.latest_revision_id
    revisions = [page.latest_revision, *([reading.revision] if reading and is_other else [])]
    return [revision.as_object() for revision in revisions]


def _reading(page: FichePage, key: int, since: str) -> VersionReading | None:
    revision = next((revision for revision in revisions_of(page) if revision.pk == key), None)
    return revision and VersionReading(revision, since % {"when": moment(revision.created_at)})
