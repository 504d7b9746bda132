"""Mixin of a page that signals when it is stored, so that the search index follows."""

from typing import Any

from django.db import transaction
from django.dispatch import Signal
from wagtail.models import COMMENTS_RELATION_NAME

# Sent once a page and its child rows (criteria, keywords) are stored; ``post_save`` comes before the child rows.
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


class SearchedPage:
    """Mixin that sends :data:`saved`. Comes before ``Page`` and other bases that override ``save``."""

    @transaction.atomic(savepoint=False)
    def save(self, *args: Any, **kwargs: Any) -> Any:
        """Saves the page and sends :data:`saved` in one transaction, unless only fields of the draft changed."""
        result = super().save(*args, **kwargs)
        fields = kwargs.get("update_fields")
        if fields is None or not set(fields) <= ONLY_DRAFTS:
            saved.send(sender=type(self), instance=self)
        return result
