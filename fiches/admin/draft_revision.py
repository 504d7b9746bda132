"""A change of a fiche outside its form: by a bulk action, an import, a restoration."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import transaction
from wagtail.models import Page, Revision

from fiches.models.querysets import lock_row


@transaction.atomic
def revise(fiche: Page, *, by: AbstractUser, change: Callable[..., Any]) -> Revision:
    """Applies ``change(draft)`` to the latest draft, and saves it as a new revision. The live version doesn't change.

    :param by: the user.
    :returns: the revision.
    :raises PermissionDenied: the fiche is locked for ``by``.
    """
    lock_row(fiche.pk)
    draft = fiche.get_latest_revision_as_object()
    change(draft)
    if not draft.live:
        draft.save(clean=False)
    return draft.save_revision(user=by, log_action=True)
