"""Saves a revision only when the content of a page changed, and rewrites all those of a page.

Saving a form without a change still alters its data: Draftail gives each paragraph a key and writes ``<b>`` for ``<strong>``, and
browsers send line ends as two characters. The user must not become an author of the page by that, nor by a comment.
"""

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy
from modelcluster.models import get_serializable_data_for_fields
from wagtail.models import COMMENTS_RELATION_NAME, BaseLogEntry, Comment, Page, Revision

from fiches.models.rich_text import without_keys

# Keys of a block or a child row that are not compared.
IGNORED_IN_ROWS = {"id", "pk", "sort_order"}
# Fields of a page that are not compared, in addition to the non-editable fields of ``Page``.
IGNORED_IN_PAGES = {"pk", "content_type", "first_published_at", "numchild", "owner", COMMENTS_RELATION_NAME}


class AliasHasNoRevisions(ValidationError):  # noqa: N818 - the name of the fact reads better than "…Error"
    """The page is an alias: its content is that of another page."""


def refuse_alias(page: Page) -> None:
    """:raises AliasHasNoRevisions: ``page`` is an alias; the message says which page to change."""
    if page.alias_of_id:
        message = gettext_lazy(
            "This page is an alias. Its content is that of page %(number)s: change or publish that one."
        )
        raise AliasHasNoRevisions(message, params={"number": page.alias_of_id})


class RevisedWhenChanged:
    """Mixin of a page: ``save_revision`` writes a new revision only if the content differs from that of the latest one."""

    def save_revision(
        self,
        user: AbstractUser | None = None,
        approved_go_live_at: Any = None,
        clean: bool = True,
        overwrite_revision: Any = None,
        **kwargs: Any,
    ) -> Revision:
        """Like Wagtail's.

        :param overwrite_revision: the revision that an autosave replaces. A new one is written instead if something refers to it
            (:func:`is_referred_to`), and while the page is under review: what was read, published or agreed to stays as it was.
        :returns: the new revision; the latest one, whoever wrote it, if nothing changed.
        :raises AliasHasNoRevisions: the page is an alias.
        """
        refuse_alias(self)
        if clean:
            self.full_clean()
        if overwrite_revision and (self.workflow_in_progress or is_referred_to(overwrite_revision)):
            overwrite_revision = None
        latest = Revision.objects.filter(pk__in=Page.objects.filter(pk=self.pk).values("latest_revision")).first()
        if latest and not (approved_go_live_at or overwrite_revision) and same_page(self, latest.content):
            self._save_comments(latest)
            latest.content_object = self  # as on a revision that Wagtail just made
            return latest
        return super().save_revision(
            user=user,
            approved_go_live_at=approved_go_live_at,
            clean=False,
            overwrite_revision=overwrite_revision,
            **kwargs,
        )

    def _save_comments(self, revision: Revision) -> None:
        """Saves new comments of the form with the existing revision."""
        comments = getattr(self, COMMENTS_RELATION_NAME)
        for comment in comments.filter(pk__isnull=True):
            comment.revision_created = revision
        comments.commit()
        self.latest_revision = revision


def rewrite_revisions(page: Page, change: Callable[[Revision], dict[str, Any]]) -> None:
    """Replaces the content of every revision of a page, so that none restores what was changed or erased.

    :param change: returns the new content of a revision, as a new dict; the present one to leave it.
    """
    for revision in page.revisions.all():
        content = change(revision)
        if content != revision.content:
            revision.content = content
            revision.save(update_fields=["content"])


def is_referred_to(revision: Revision) -> bool:
    """Whether a record keeps this revision as a version that somebody read, published, scheduled or agreed to. Logs, comments and
    the ``latest_revision`` of its page refer to it without that. One query."""
    condition = Q(approved_go_live_at__isnull=False)
    for relation in Revision._meta.get_fields(include_hidden=True):
        if not (relation.one_to_many and relation.auto_created) or relation.field.name == "latest_revision":
            continue
        model = relation.related_model
        if not issubclass(model, (BaseLogEntry, Comment)):
            condition |= Exists(model._base_manager.filter(**{relation.field.name: OuterRef("pk")}))
    return Revision.objects.filter(condition, pk=revision.pk).exists()


def same_page(page: Page, content: dict) -> bool:
    """Whether ``page`` has the same content as ``content``, that of a revision of its type.

    Metadata (place in the tree, live, locked, owner, comments) are not compared.
    """
    ignored = {field.name for field in Page._meta.concrete_fields if not field.editable} | IGNORED_IN_PAGES

    def is_same(current: dict, names: set[str]) -> bool:
        pairs = ((current.get(name), content.get(name)) for name in names - ignored)
        return all(one == other or comparable(one) == comparable(other) for one, other in pairs)

    own_fields = stored_form(get_serializable_data_for_fields(page))
    if not is_same(own_fields, own_fields.keys() & content):
        return False  # without a query for the child rows
    current = stored_form(page.serializable_data())
    return is_same(current, current.keys() | content)


def stored_form(content: dict) -> dict:
    """The content of a revision after a round trip through JSON, as the database returns it."""
    return json.loads(json.dumps(content, cls=DjangoJSONEncoder))


def comparable(value: Any) -> Any:
    """A value of a revision's content without what a form alters that is saved untouched: the ids of blocks and child rows, the
    markup and the keys of paragraphs, line ends, blanks around a text. None for an empty value."""
    if isinstance(value, str):
        with suppress(ValueError):  # a StreamField is stored as JSON; a text may begin with a bracket
            return comparable(json.loads(value)) if value.startswith("[") else _text(value)
        return _text(value)
    if isinstance(value, list):
        if all(isinstance(each, dict) and "pk" in each for each in value):
            value = sorted(
                value, key=lambda row: (row.get("sort_order") or 0, json.dumps(comparable(row), sort_keys=True))
            )
        return [comparable(each) for each in value] or None
    if isinstance(value, dict):
        parts = {name: comparable(each) for name, each in value.items() if name not in IGNORED_IN_ROWS}
        return {name: part for name, part in parts.items() if part is not None}
    return None if value is False else value


def _text(value: str) -> str | None:
    text = value.replace("\r\n", "\n").strip()
    return (without_keys(text) if text.startswith("<") else text) or None
