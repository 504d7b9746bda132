"""A page that the search table follows."""

from django.db import transaction
from django.dispatch import Signal
from wagtail.models import COMMENTS_RELATION_NAME

saved = Signal()
"""Sent once a page and its children (criteria, keywords) are stored, where ``post_save`` comes before the children."""

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
    """Stands first among the bases."""

    extrait = ""
    """What of its text answers the words of a search. Said here, since a template that looks for it in vain is slow."""

    @transaction.atomic(savepoint=False)
    def save(self, *args, **kwargs):
        """The page and what finds it, together."""
        result = super().save(*args, **kwargs)
        fields = kwargs.get("update_fields")
        if fields is None or not set(fields) <= ONLY_DRAFTS:
            saved.send(sender=type(self), instance=self)
        return result
