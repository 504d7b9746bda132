"""Saves a revision only when the content of a page changed, and rewrites all those of a page.

Saving a form without a change still alters its data: Draftail gives each paragraph a key and writes ``<b>`` for ``<strong>``,
browsers send line ends as two characters, and the form formats phones that a program stored otherwise. The user must not become an
author of the page by that, nor by a comment.
"""

import json
from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy
from modelcluster.models import get_serializable_data_for_fields
from wagtail import blocks
from wagtail.admin.models import EditingSession
from wagtail.blocks import StreamValue
from wagtail.fields import RichTextField, StreamField
from wagtail.models import COMMENTS_RELATION_NAME, BaseLogEntry, Comment, Page, PageLogEntry, Revision

from fiches.models.rich_text import without_keys

TIMES = (blocks.DateBlock, blocks.TimeBlock, blocks.DateTimeBlock)
# Fields of a child row that are not compared.
IGNORED_IN_ROWS = {"pk", "sort_order"}
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
            (:func:`is_referred_to`): what was read, published or agreed to stays as it was. While the page is under review, the
            new one has a number of its own, since a reviewer decides on the number that they read.
        :returns: the new revision; the latest one, whoever wrote it, if nothing changed.
        :raises AliasHasNoRevisions: the page is an alias.
        """
        refuse_alias(self)
        if clean:
            self.full_clean()
        if overwrite_revision and is_referred_to(overwrite_revision):
            overwrite_revision = None
        latest = Revision.objects.filter(pk__in=Page.objects.filter(pk=self.pk).values("latest_revision")).first()
        if overwrite_revision and self.workflow_in_progress:
            if overwrite_revision == latest and is_of_one_editor(latest, user):
                return self._replace_revision(latest, user=user, **kwargs)
            overwrite_revision = None
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

    def _replace_revision(self, replaced: Revision, **kwargs: Any) -> Revision:
        """Deletes ``replaced``, the latest revision, and returns the one that takes its place: a new one; the one before if the
        content is that one's, so that who takes back what they typed is no author."""
        before = self.revisions.exclude(pk=replaced.pk).order_by("-pk").first()
        if before and same_page(self, before.content):
            self._save_comments(before)
            self.latest_revision_created_at, self.draft_title = before.created_at, self.title
            self.save(update_fields=["latest_revision", "latest_revision_created_at", "draft_title"], clean=False)
            revision = before
        else:
            revision = super().save_revision(clean=False, **kwargs)
        replaced.created_comments.update(revision_created=revision)
        entries = PageLogEntry.objects.filter(page=self.pk, revision=replaced.pk)
        entries.filter(action="wagtail.edit").delete()
        entries.update(revision=revision)
        replaced.delete()
        return revision

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


def is_of_one_editor(revision: Revision, user: AbstractUser | None) -> bool:
    """Whether ``user`` wrote the revision, and nobody else has the form of its page open. One query."""
    others = EditingSession.objects.available().filter(
        content_type=revision.base_content_type_id, object_id=revision.object_id
    )
    return bool(user) and revision.user_id == user.pk and not others.exclude(user=user).exists()


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
    fields = {field.name: field for field in page._meta.get_fields()}

    def is_same(current: dict, names: set[str]) -> bool:
        return all(_same(fields.get(name), current.get(name), content.get(name)) for name in names - ignored)

    own_fields = stored_form(get_serializable_data_for_fields(page))
    if not is_same(own_fields, own_fields.keys() & content):
        return False  # without a query for the child rows
    current = stored_form(page.serializable_data())
    return is_same(current, current.keys() | content)


def stored_form(content: dict) -> dict:
    """The content of a revision after a round trip through JSON, as the database returns it."""
    return json.loads(json.dumps(content, cls=DjangoJSONEncoder))


def same_stream(block: blocks.Block, one: StreamValue, other: StreamValue) -> bool:
    """Whether two values of ``block`` are equal, without regard to the ids and keys that the editor adds."""
    return _plain(block, one) == _plain(block, other)


def _same(field: Any, one: Any, other: Any) -> bool:
    if one == other:
        return True
    if isinstance(field, StreamField):
        return same_stream(field.stream_block, field.to_python(one), field.to_python(other))
    if isinstance(field, RichTextField):
        return without_keys(one or "", field.features) == without_keys(other or "", field.features)
    if isinstance(one, list) and isinstance(other, list):
        return _rows(field, one) == _rows(field, other)
    return _cleaned(field, one) == _cleaned(field, other)


def _rows(relation: Any, values: list[Any]) -> list[str]:
    """Child rows in a comparable form: sorted by ``sort_order``, or by content where they have none. Other lists as they are."""
    if not all(isinstance(each, dict) for each in values):
        return values
    model = getattr(relation, "related_model", None)
    fields = {field.name: field for field in model._meta.fields} if model else {}
    comparable = [
        (
            row.get("sort_order") or 0,
            json.dumps(
                [(name, _cleaned(fields.get(name), row[name])) for name in sorted(row.keys() - IGNORED_IN_ROWS)]
            ),
        )
        for row in values
    ]
    return [text for _order, text in sorted(comparable)]


def _cleaned(field: Any, value: Any) -> Any:
    """``value`` as ``field`` stores it: a phone formatted. What the field refuses stays as typed, since a draft may keep it."""
    value = _typed(value)
    if isinstance(value, str) and isinstance(field, models.CharField):
        try:
            return field.clean(value, None)
        except ValidationError:
            return value
    return value


def _typed(value: Any) -> Any:
    """``value`` as a form cleans it: unified line ends, stripped; None for an empty text and for False."""
    if isinstance(value, str):
        value = value.replace("\r\n", "\n").strip()
    return None if value == "" or value is False else value


def _plain(block: Any, value: Any) -> Any:
    """The value of a block without the ids of its children and the keys of its paragraphs."""
    if isinstance(block, blocks.StreamBlock):
        return [(child.block_type, _plain(child.block, child.value)) for child in value or ()]
    if isinstance(block, blocks.ListBlock):
        return [_plain(block.child_block, each) for each in value or ()]
    if isinstance(block, blocks.StructBlock) and hasattr(value, "items"):
        return {name: _plain(child, value.get(name)) for name, child in block.child_blocks.items()}
    if isinstance(block, blocks.RichTextBlock):
        return without_keys(value.source if value else "", block.features)
    if isinstance(block, TIMES):
        return block.to_python(value or None)
    return _typed(block.get_prep_value(value))
