"""Saves a revision only when the content of a page changed, and rewrites all those of a page.

Saving a form without a change still alters its data: Draftail gives each paragraph a key and writes ``<b>`` for ``<strong>``, and
browsers send line ends as two characters. The user must not become an author of the page by that, nor by a comment.
"""

import json
from collections.abc import Callable
from contextlib import nullcontext, suppress
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.dispatch import Signal
from django.utils.translation import gettext_lazy
from modelcluster.models import (
    get_all_child_relations,
    get_serializable_data_for_fields,
    model_from_serializable_data,
)
from wagtail.models import COMMENTS_RELATION_NAME, BaseLogEntry, Comment, Page, ReferenceIndex, Revision

from fiches.models.rich_text import without_keys

# Sent in the transaction, once a page and its child rows (criteria, keywords) are stored; ``post_save`` comes before the child rows.
saved = Signal()
# Fields of which a change concerns drafts only.
ONLY_DRAFTS = frozenset(
    [
        "latest_revision",
        "latest_revision_created_at",
        "draft_title",
        "has_unpublished_changes",
        "go_live_at",
        "live_revision",
        "locked",
        "locked_at",
        "locked_by",
        COMMENTS_RELATION_NAME,
    ]
)
# Foreign keys of a page that Wagtail writes. A page made of a revision has all but the last from the page that it belongs to.
WRITTEN_BY_WAGTAIL = ("content_type", "latest_revision", "locale", "locked_by", "owner", "live_revision")

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


class ChildRow:
    """Mixin of a child row of a page. modelcluster saves every row of a page at each publication: those that are the same in the
    database are left (:meth:`RevisedWhenChanged.save`), with the queries of their signals."""

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.__dict__.pop("_is_stored", False):
            super().save(*args, **kwargs)


class RevisedWhenChanged:
    """Mixin of a page: ``save_revision`` writes a new revision only if the content differs from that of the latest one, and what
    is checked or stored already costs no query. Sends :data:`saved`. Comes before ``Page`` and other bases that override ``save``."""

    @classmethod
    def from_serializable_data(cls, data: dict, check_fks: bool = True, strict_fks: bool = False) -> Any:
        """Like modelcluster's, with one query for each foreign key of the child rows, and not one for each row."""
        relations = {rel.get_accessor_name(): rel for rel in get_all_child_relations(cls)}
        ours = {
            name: rel for name, rel in relations.items() if name in data and issubclass(rel.related_model, ChildRow)
        }
        own = {name: value for name, value in data.items() if name not in {*ours, *WRITTEN_BY_WAGTAIL[:-1]}}
        page = super().from_serializable_data(own, check_fks, strict_fks)
        for name, relation in ours.items():
            setattr(page, name, _rows_of(relation, data[name]))
        return page

    def clean_fields(self, exclude: Any = None) -> None:
        """Leaves out the foreign keys that would cost a query each for nothing: those whose record is loaded, so that it exists, and those
        that only Wagtail writes, which the database's constraints check."""
        loaded = {field.name for field in self._meta.concrete_fields if field.is_relation and field.is_cached(self)}
        super().clean_fields({*(exclude or ()), *WRITTEN_BY_WAGTAIL, *loaded})

    @transaction.atomic(savepoint=False)
    def save(self, *args: Any, **kwargs: Any) -> Any:
        """Saves the page and sends :data:`saved`. Fields of the draft are written without a signal: neither the public nor an index
        sees them."""
        from wagtail import signal_handlers as references  # which needs the models

        fields = kwargs.get("update_fields")
        if fields is not None and set(fields) <= ONLY_DRAFTS:
            if COMMENTS_RELATION_NAME in fields:
                getattr(self, COMMENTS_RELATION_NAME).commit()
            columns = {name: getattr(self, name) for name in fields if name != COMMENTS_RELATION_NAME}
            return Page.objects.filter(pk=self.pk).update(**columns)
        self._mark_stored_rows()
        # Wagtail would extract the references before the child rows are stored, and again for each of these.
        is_whole = fields is None and not getattr(references.reference_index_auto_update_disabled, "value", False)
        with references.disable_reference_index_auto_update() if is_whole else nullcontext():
            result = super().save(*args, **kwargs)
        if is_whole:
            ReferenceIndex.create_or_update_for_object(self)
        saved.send(sender=type(self), instance=self)
        return result

    def _mark_stored_rows(self) -> None:
        for relation in get_all_child_relations(self):
            children = getattr(self, relation.get_accessor_name())
            if self.pk and children.is_deferring and issubclass(relation.related_model, ChildRow):
                rows = relation.related_model._base_manager.filter(**{relation.field.name: self.pk})
                stored = [get_serializable_data_for_fields(row) for row in rows]
                for child in children.all():
                    child._is_stored = get_serializable_data_for_fields(child) in stored

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


def _rows_of(relation: Any, rows: list[dict]) -> list[Any]:
    """The child rows in a revision's content, with the records that they refer to; one query for each foreign key. If a record is missing,
    modelcluster decides."""
    model = relation.related_model
    keys = [key for key in model._meta.concrete_fields if key.many_to_one and key != relation.field]
    found = {key: key.related_model._default_manager.in_bulk({row.get(key.name) for row in rows}) for key in keys}
    made = []
    for row in rows:
        records = {key.name: found[key].get(row.get(key.name)) for key in keys}
        if one := model_from_serializable_data(model, row, check_fks=None in records.values(), strict_fks=True):
            for name, record in records.items():
                setattr(one, name, record)
            made.append(one)
    return made


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


def own_value(page: Page, name: str, default: Any = None) -> Any:
    """The attribute ``name`` of a page of this product; ``default`` if it has none, and for a page of a host."""
    return getattr(page, name, default) if isinstance(page, RevisedWhenChanged) else default


def introduction_of(page: Page) -> str:
    """The text that introduces the page; ``""`` without one, and for a page of a host."""
    return own_value(page, "chapo") or own_value(page, "introduction") or ""
