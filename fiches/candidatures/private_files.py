"""Deletes applicants' files from the private storage."""

import logging
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django_tasks import default_task_backend, task

from fiches.candidatures.models import Signalement
from fiches.candidatures.models.piece import private_storage

logger = logging.getLogger(__name__)
# Time between two tries while the storage fails.
RETRY_AFTER = timedelta(hours=1)


def delete_after_commit(name: str) -> None:
    """Deletes a file once the transaction is committed. While the storage fails, a task tries again every hour."""
    transaction.on_commit(lambda: _delete(name), robust=True)


def delete_photo(sender: type, instance: Signalement, **kwargs: Any) -> None:
    """Deletes the photo of a deleted tip. A receiver of ``post_delete``."""
    if instance.photo:
        delete_after_commit(instance.photo.name or "")


def _delete(name: str) -> None:
    try:
        private_storage().delete(name)
    except OSError:
        logger.exception("file_not_deleted")
        if default_task_backend.supports_defer:
            delete_again.using(run_after=timezone.now() + RETRY_AFTER).enqueue(name)


@task()
def delete_again(name: str) -> None:
    """Task: deletes a file that the storage could not delete before."""
    _delete(name)
