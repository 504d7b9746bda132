"""One change made to a fiche outside its form: by a bulk action, an import, a restoration."""

from django.db import transaction

from fiches.models.querysets import hold


@transaction.atomic
def revise(fiche, *, by, change):
    """``change(draft)`` is made to the latest draft and kept as its next revision. What is online stays as it is.

    :raises PermissionDenied: the fiche is locked for ``by``.
    """
    hold(fiche.pk)
    draft = fiche.get_latest_revision_as_object()
    change(draft)
    if not draft.live:
        draft.save(clean=False)
    return draft.save_revision(user=by, log_action=True)
