"""A revision is a change of what a page says.

Draftail gives each paragraph a key and writes ``<b>`` for ``<strong>``; a browser sends the end of a line as two characters; a
comment is written beside the text. Whoever opens a form and saves it so wrote nothing, and is no author of the page.
"""

import json

from django.core.serializers.json import DjangoJSONEncoder
from modelcluster.models import get_serializable_data_for_fields
from wagtail import blocks
from wagtail.fields import RichTextField, StreamField
from wagtail.models import COMMENTS_RELATION_NAME, Page, Revision

from fiches.models.rich_text import without_keys

TIMES = (blocks.DateBlock, blocks.TimeBlock, blocks.DateTimeBlock)
# Of a row that hangs on a page: what tells nothing of its contents.
OF_THE_ROW = {"pk", "sort_order"}
# What is known of a page as a whole, beside the fields of Wagtail's that no form shows.
OF_THE_WHOLE = {"pk", "content_type", "first_published_at", "numchild", "owner", COMMENTS_RELATION_NAME}


class RevisedWhenChanged:
    """Mixin of a page: ``save_revision`` writes a new revision only when the page says something else than its latest one."""

    def save_revision(self, user=None, approved_go_live_at=None, clean=True, overwrite_revision=None, **kwargs):
        """As Wagtail's.

        :returns: the new revision; the latest one, whoever wrote it, where nothing changed.
        """
        if clean:
            self.full_clean()
        latest = Revision.objects.filter(pk__in=Page.objects.filter(pk=self.pk).values("latest_revision")).first()
        if latest and not (approved_go_live_at or overwrite_revision) and same_page(self, latest.content):
            self._save_comments(latest)
            latest.content_object = self  # as that of a revision that Wagtail makes
            return latest
        return super().save_revision(
            user=user,
            approved_go_live_at=approved_go_live_at,
            clean=False,
            overwrite_revision=overwrite_revision,
            **kwargs,
        )

    def _save_comments(self, revision):
        """What a form says beside the text is kept all the same."""
        comments = getattr(self, COMMENTS_RELATION_NAME)
        for comment in comments.filter(pk__isnull=True):
            comment.revision_created = revision
        comments.commit()
        self.latest_revision = revision


def same_page(page: Page, content: dict) -> bool:
    """Whether ``page`` says what ``content``, that of a revision of its type, says.

    What is known of the whole page (its place in the tree, whether it is live or locked, its owner, the comments on it) is
    not compared.
    """
    ignored = {field.name for field in Page._meta.concrete_fields if not field.editable} | OF_THE_WHOLE
    fields = {field.name: field for field in page._meta.get_fields()}

    def holds(now: dict, names: set[str]) -> bool:
        return all(_same(fields.get(name), now.get(name), content.get(name)) for name in names - ignored)

    own = stored_form(get_serializable_data_for_fields(page))
    if not holds(own, own.keys() & content):
        return False  # without asking for the rows that hang on it
    now = stored_form(page.serializable_data())
    return holds(now, now.keys() | content)


def stored_form(content: dict) -> dict:
    """The content of a revision as the database gives it back."""
    return json.loads(json.dumps(content, cls=DjangoJSONEncoder))


def same_stream(block: blocks.Block, one, other) -> bool:
    """Whether two values of ``block`` say the same, whatever the ids and keys of what is in them."""
    return _plain(block, one) == _plain(block, other)


def _same(field, one, other):
    if one == other:
        return True
    if isinstance(field, StreamField):
        return same_stream(field.stream_block, field.to_python(one), field.to_python(other))
    if isinstance(field, RichTextField):
        return without_keys(one or "", field.features) == without_keys(other or "", field.features)
    if isinstance(one, list) and isinstance(other, list):
        return _rows(one) == _rows(other)
    return _typed(one) == _typed(other)


def _rows(values):
    """The rows in their order, those that have none in any; or the values of a list."""
    if not all(isinstance(each, dict) for each in values):
        return values
    told = [
        (
            row.get("sort_order") or 0,
            json.dumps([(name, _typed(row[name])) for name in sorted(row.keys() - OF_THE_ROW)]),
        )
        for row in values
    ]
    return [text for _order, text in sorted(told)]


def _typed(value):
    """As a form reads it: all ends of lines are alike, spaces around are dropped, an empty field and an unticked box are nothing."""
    if isinstance(value, str):
        value = value.replace("\r\n", "\n").strip()
    return None if value == "" or value is False else value


def _plain(block, value):
    """The value of a block, without the ids of its parts and the keys of its paragraphs."""
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
