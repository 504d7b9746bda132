"""The bin keeps a deleted fiche for thirty days, with all that it holds, and gives it back as a draft at its own address.

Deleted in the admin or by one of its APIs, a fiche leaves the site and moves below a hidden page: its key, revisions, comments,
prizes and links stay. What a program deletes (``fiche.delete()``: an erased person, an undone import, retention) goes for good.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.actions.delete_page import DeletePageAction
from wagtail.actions.move_page import MovePageAction
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.models import Page, Revision

from fiches.models import Corbeille, FicheIndexPage, FichePage, FicheSupprimee
from fiches.models.corbeille import SLUG, is_in_the_bin
from fiches.models.querysets import lock_row
from fiches.upkeep.retention import register_retention

KEPT = timedelta(days=30)


class Tie(NamedTuple):
    """What a room above loosens from a fiche that goes to the bin: ``loosen(fiche)`` returns what is noted of it (JSON; None:
    nothing), ``mend(fiche, noted)`` ties the restored fiche again."""

    loosen: Callable[[FichePage], Any]
    mend: Callable[[FichePage, Any], None]


TIES: dict[str, Tie] = {}


def register_tie(name: str, loosen: Callable[[FichePage], Any], *, mend: Callable[[FichePage, Any], None]) -> None:
    """Called once for each name, when Django starts."""
    TIES[name] = Tie(loosen, mend)


def connect() -> None:
    """Called once, when Django starts."""
    register_retention(gettext_lazy("deleted fiches"), too_old, erase=forget)


class DiscardPageAction(DeletePageAction):
    """Deletes a page as Wagtail does, except the fiches: that page itself, or those below it, go to the bin."""

    def execute(self, *args: Any, skip_permission_checks: bool = False, **kwargs: Any) -> Any:
        self.check(skip_permission_checks=skip_permission_checks)
        discard_below(self.page, by=self.user)
        if issubclass(self.page.specific_class, FichePage):
            return None
        self.page.refresh_from_db()  # its number of children
        return super().execute(*args, skip_permission_checks=True, **kwargs)


@transaction.atomic
def discard_below(page: Page, *, by: Any) -> None:
    """Puts a page that is a fiche, or the fiches below a page, into the bin."""
    for fiche in FichePage.objects.descendant_of(page, inclusive=True).order_by("pk"):
        discard(fiche, by=by)


@transaction.atomic
def discard(fiche: FichePage, *, by: Any) -> None:
    """Ends the review of a fiche, takes it offline and moves it into the bin. One that is there already stays as it is.

    :param by: the user who deletes it; None for a program.
    """
    if not lock_row(fiche.pk):
        return
    fiche = FichePage.objects.get(pk=fiche.pk)
    if is_in_the_bin(fiche):
        return
    if state := fiche.current_workflow_state:
        state.cancel(user=by)
    UnpublishPageAction(fiche, user=by).execute(skip_permission_checks=True)
    fiche.refresh_from_db()
    Revision.objects.for_instance(fiche).update(approved_go_live_at=None)
    ties = {name: noted for name, tie in TIES.items() if (noted := tie.loosen(fiche)) is not None}
    where = {"slug": fiche.slug, "parent": fiche.get_parent().pk}
    FicheSupprimee.objects.create(fiche=fiche, attaches=ties, supprimee_par=by, **where)
    fiche.slug = f"fiche-{fiche.pk}"
    fiche.locked, fiche.locked_by, fiche.locked_at = False, None, None
    fiche.save(clean=False)
    _move(fiche, _bin(), by)


def _move(fiche: FichePage, parent: Page, by: Any) -> None:
    """Whatever the person's rights there: nobody has any in the bin."""
    MovePageAction(fiche, parent, pos="last-child", user=by).execute(skip_permission_checks=True)


def _bin() -> Corbeille:
    made = Corbeille.objects.first()
    if made is None:
        made = Corbeille(title=str(Corbeille._meta.verbose_name), slug=SLUG, live=False)
        Page.get_first_root_node().add_child(instance=made)
    return made


def seen_by(user: Any) -> QuerySet[FicheSupprimee]:
    """All of them for who changes the fiches of the list; one's own for the others."""
    index = FicheIndexPage.objects.first()
    if index and index.permissions_for_user(user).can_edit():
        return FicheSupprimee.objects.all()
    return FicheSupprimee.objects.filter(Q(fiche__owner=user) | Q(supprimee_par=user))


@transaction.atomic
def restore(kept: FicheSupprimee, *, by: Any) -> FichePage:
    """Moves a fiche back to where it was, as a draft and, as far as it is free, at its own address.

    :raises ValidationError: in words, why it can't be.
    """
    lock_row(kept.fiche_id)
    found = FicheSupprimee.objects.select_for_update(of=("self",)).select_related("fiche").filter(pk=kept.pk).first()
    if found is None or not is_in_the_bin(found.fiche):
        raise ValidationError(_("It is back already."))
    parent = FicheIndexPage.objects.filter(pk=found.parent).first() or FicheIndexPage.objects.first()
    if parent is None:
        raise ValidationError(_("There is no list of fiches to put it back into."))
    found.fiche.slug = free_slug(parent, found.slug)
    found.fiche.save(clean=False)
    _move(found.fiche, parent, by)
    fiche = FichePage.objects.get(pk=found.fiche_id)
    if fiche.slug != found.slug:
        draft = fiche.get_latest_revision_as_object()
        draft.slug = fiche.slug
        draft.save_revision(user=by)
    for name, noted in found.attaches.items():
        if name in TIES:
            TIES[name].mend(fiche, noted)
    found.delete()
    return fiche


def forget(kept: FicheSupprimee) -> None:
    """Deletes a fiche of the bin for good."""
    kept.fiche.delete()


def free_slug(parent: Page, slug: str) -> str:
    taken = set(parent.get_children().filter(slug__startswith=slug).values_list("slug", flat=True))
    number, found = 1, slug
    while found in taken:
        number += 1
        found = f"{slug}-{number}"
    return found


def too_old(now: datetime) -> QuerySet[FicheSupprimee]:
    return FicheSupprimee.objects.filter(supprimee_le__lt=now - KEPT)
