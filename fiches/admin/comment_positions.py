"""The places of comments in the texts of drafts. Wagtail stores them in the versions only; but it reads those of a page that was never
published from their rows, when it writes its next version: the comments would stand on other words once the text before them
changed."""

from typing import Any

from django.db.models.signals import post_save
from wagtail.models import Comment


def connect() -> None:
    """Called once, when Django starts."""
    post_save.connect(store_position, sender=Comment, dispatch_uid="rallynov_comment_position")


def store_position(sender: type[Comment], instance: Comment, **kwargs: Any) -> None:
    """Stores the place that the form gave to a comment, which ``Comment.save`` leaves out."""
    Comment.objects.filter(pk=instance.pk).update(position=instance.position)
