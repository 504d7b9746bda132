"""A change of a fiche outside its form: by a bulk action, an import, a restoration."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import transaction
from wagtail.models import Page, Revision

from fiches.models.querysets import lock_row

# The log action of a revision that a bulk action made: who made it did not read the page.
IN_BULK = "rallynov.edit_in_bulk"


@transaction.atomic
def revise(fiche: Page, *, by: AbstractUser, change: Callable[..., Any], log_action: str = "wagtail.edit") -> Revision:
    """Applies ``change(draft)`` to the latest draft, and saves it as a new revision. The live version doesn't change.

    :param by: the user.
    :param log_action: :data:`IN_BULK` for a bulk action.
    :returns: the revision.
    :raises PermissionDenied: the fiche is locked for ``by``.
    """
    lock_row(fiche.pk)
    draft = fiche.get_latest_revision_as_object()
    change(draft)
    if not draft.live:
        draft.save(clean=False)
    return draft.save_revision(user=by, log_action=log_action)
