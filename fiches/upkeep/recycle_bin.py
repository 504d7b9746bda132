"""The recycle bin keeps a deleted fiche for 30 days, and restores it as a draft at its former address.

A fiche that is deleted in the admin or by an API is unpublished and moved below a hidden page; its primary key, revisions,
comments, prizes and links stay. ``fiche.delete()`` in code (erasure of a person, undone import, retention) deletes it at once.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.actions.delete_page import DeletePageAction
from wagtail.actions.move_page import MovePageAction
from wagtail.models import Page, Revision

from fiches.models import Corbeille, FicheIndexPage, FichePage, FicheSupprimee
from fiches.models.bulk import update
from fiches.models.corbeille import SLUG, bins, is_in_the_bin
from fiches.models.querysets import lock_row, lock_rows
from fiches.upkeep.final_withdrawal import FinalWithdrawal
from fiches.upkeep.retention import register_retention

KEPT = timedelta(days=30)


class Tie(NamedTuple):
    """A relation of another app to a fiche, which must be removed while the fiche is in the bin.

    remove: ``remove(fiche)`` removes it, and returns JSON to restore it, or None.
    restore: ``restore(fiche, data)`` restores it.
    """

    remove: Callable[[FichePage], Any]
    restore: Callable[[FichePage, Any], None]


TIES: dict[str, Tie] = {}


def register_tie(name: str, remove: Callable[[FichePage], Any], *, restore: Callable[[FichePage, Any], None]) -> None:
    """Registers a Tie under a unique name; called from ``AppConfig.ready()``."""
    TIES[name] = Tie(remove, restore)


def connect() -> None:
    """Registers the retention of the bin; called from ``AppConfig.ready()``."""
    register_retention(gettext_lazy("deleted fiches"), too_old, erase=delete_for_good)


class DiscardPageAction(DeletePageAction):
    """Wagtail's action that deletes a page, except that fiches (the page itself, or those below it) are moved to the bin."""

    def execute(self, *args: Any, skip_permission_checks: bool = False, **kwargs: Any) -> Any:
        self.check(skip_permission_checks=skip_permission_checks)
        discard_below(self.page, by=self.user)
        if issubclass(self.page.specific_class, FichePage):
            return None
        self.page.refresh_from_db()  # its number of children changed
        return super().execute(*args, skip_permission_checks=True, **kwargs)


@transaction.atomic
def discard_below(page: Page, *, by: Any) -> None:
    """Moves the fiches among a page and its descendants to the bin."""
    fiches = FichePage.objects.descendant_of(page, inclusive=True).order_by("pk")
    lock_rows(fiches.values_list("pk", flat=True))
    for fiche in fiches:
        discard(fiche, by=by)


@transaction.atomic
def discard(fiche: FichePage, *, by: Any) -> None:
    """Cancels a fiche's workflow, unpublishes it and moves it to the bin. Has no effect on one that is there already.

    :param by: the user who deletes it; None for a program.
    """
    if not lock_row(fiche.pk):
        return
    fiche = FichePage.objects.get(pk=fiche.pk)
    if is_in_the_bin(fiche):
        return
    if state := fiche.current_workflow_state:
        state.cancel(user=by)
    FinalWithdrawal(fiche, user=by).execute(skip_permission_checks=True)
    fiche.refresh_from_db()
    Revision.objects.for_instance(fiche).update(approved_go_live_at=None)
    ties = {name: data for name, tie in TIES.items() if (data := tie.remove(fiche)) is not None}
    where = {"slug": fiche.slug, "parent": fiche.get_parent().pk}
    FicheSupprimee.objects.create(fiche=fiche, attaches=ties, supprimee_par=by, **where)
    # Not by `save`: Wagtail would lead its former address to it, and that address to itself once the fiche is restored. Wagtail
    # also publishes the aliases of a page with it, wherever they are.
    freed = {"slug": f"fiche-{fiche.pk}", "alias_of": None, "locked": False, "locked_by": None, "locked_at": None}
    update(FichePage.objects.filter(pk=fiche.pk), **freed)
    fiche.refresh_from_db()
    _move(fiche, _bin(), by)


def _move(fiche: FichePage, parent: Page, by: Any) -> None:
    """Moves a fiche without checking permissions: nobody has any on the bin."""
    MovePageAction(fiche, parent, pos="last-child", user=by).execute(skip_permission_checks=True)


def _bin() -> Corbeille:
    """Returns the hidden page of the bin, created at its first use."""
    page = bins().first()
    if page is None:
        kind = ContentType.objects.get_for_model(Corbeille, for_concrete_model=False)
        page = Corbeille(title=str(Corbeille._meta.verbose_name), slug=SLUG, live=False, content_type=kind)
        Page.get_first_root_node().add_child(instance=page)
    return page


def deletions_seen_by(user: Any) -> QuerySet[FicheSupprimee]:
    """Returns the deleted fiches that a user may see, restore or delete for good: those that they deleted, and those of the lists of
    fiches that they may edit."""
    lists = {index.pk: index.permissions_for_user(user).can_edit() for index in FicheIndexPage.objects.all()}
    if lists and all(lists.values()):
        return FicheSupprimee.objects.all()
    edited = [pk for pk, may_edit in lists.items() if may_edit]
    return FicheSupprimee.objects.filter(Q(supprimee_par=user) | Q(parent__in=edited))


@transaction.atomic
def restore(deleted: FicheSupprimee, *, by: Any) -> FichePage:
    """Moves a fiche back to where it was, as a draft, with its former slug if that is free.

    :raises ValidationError: with the reason, when it can't be restored.
    """
    lock_row(deleted.fiche_id)
    row = FicheSupprimee.objects.select_for_update(of=("self",)).select_related("fiche").filter(pk=deleted.pk).first()
    if row is None or not is_in_the_bin(row.fiche):
        raise ValidationError(_("It is back already."))
    parent = FicheIndexPage.objects.filter(pk=row.parent).first() or FicheIndexPage.objects.first()
    if parent is None:
        raise ValidationError(_("There is no list of fiches to put it back into."))
    row.fiche.slug = free_slug(parent, row.slug)
    row.fiche.save(clean=False)
    _move(row.fiche, parent, by)
    fiche = FichePage.objects.get(pk=row.fiche_id)
    if fiche.slug != row.slug:
        draft = fiche.get_latest_revision_as_object()
        draft.slug = fiche.slug
        draft.save_revision(user=by)
    for name, data in row.attaches.items():
        if name in TIES:
            TIES[name].restore(fiche, data)
    row.delete()
    return fiche


def delete_for_good(deleted: FicheSupprimee) -> None:
    """Deletes a fiche in the bin permanently."""
    deleted.fiche.delete()


def free_slug(parent: Page, slug: str) -> str:
    """Returns ``slug``, or ``slug-2``, ``slug-3``… if a child of ``parent`` has it."""
    taken = set(parent.get_children().filter(slug__startswith=slug).values_list("slug", flat=True))
    number, candidate = 1, slug
    while candidate in taken:
        number += 1
        candidate = f"{slug}-{number}"
    return candidate


def too_old(now: datetime) -> QuerySet[FicheSupprimee]:
    """Returns the deleted fiches whose time in the bin has ended."""
    return FicheSupprimee.objects.filter(supprimee_le__lt=now - KEPT)
