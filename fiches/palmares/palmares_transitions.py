"""The transitions of a palmarès: new category, opening and closing of the scoring, announcement, publication. Each has one function
here."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from fiches.palmares.enums import EtatDuPalmares
from fiches.palmares.models import Categorie, Palmares, Prix
from fiches.palmares.models.edition import category_slug
from fiches.palmares.palmares_lock import ActionRefused, lock_palmares, public_changed


def too_late() -> str:
    return _("The scoring is open or closed: what scores depend on doesn’t change any more.")


@transaction.atomic
def add_category(palmares: Palmares, *, nom: str) -> Categorie:
    """Creates a category after the others, and returns it.

    :raises ActionRefused: the scoring was opened, or a category has this name already.
    """
    palmares = lock_palmares(palmares.pk)
    if not palmares.est_modifiable:
        raise ActionRefused(too_late())
    if palmares.categories.filter(slug=category_slug(nom)).exists():
        raise ActionRefused(_("There is such a category already."))
    return Categorie.objects.create(palmares=palmares, nom=nom, sort_order=palmares.categories.count())


@transaction.atomic
def open_scoring(palmares: Palmares, *, by: AbstractUser | AnonymousUser) -> None:
    """Opens the scoring; categories, nominations and criteria can no longer change.

    :raises ActionRefused: something is missing, or the scoring was opened already.
    """
    palmares = lock_palmares(palmares.pk)
    if palmares.etat != EtatDuPalmares.PREPARATION:
        raise ActionRefused(_("The scoring was opened already."))
    missing = missing_before_results(palmares)
    if missing:
        raise ActionRefused(" ".join(missing))
    _update(palmares, etat=EtatDuPalmares.NOTATION, ouvert_le=timezone.now())
    _send_public_changed(palmares)


def missing_before_results(palmares: Palmares) -> list[str]:
    """Returns why the scoring can't be opened, as a list of sentences; empty if it can."""
    missing = []
    if not palmares.criteres.exists():
        missing.append(_("There is no scoring criterion."))
    categories = list(palmares.categories.annotate(nombre=Count("nominations")))
    if not categories:
        missing.append(_("There is no category."))
    for category in categories:
        if not category.nombre:
            missing.append(_("No fiche is nominated in “%(name)s”.") % {"name": category.nom})
    if not palmares.jures.exists():
        missing.append(_("Nobody sits in the jury."))
    return missing


@transaction.atomic
def close_scoring(palmares: Palmares, *, by: AbstractUser | AnonymousUser) -> None:
    """Closes the scoring: scores can no longer change, and the ranking may be read. Waits for a juror who is saving.

    :raises ActionRefused: the scoring is not open.
    """
    palmares = lock_palmares(palmares.pk)
    if palmares.etat != EtatDuPalmares.NOTATION:
        raise ActionRefused(_("The scoring is not open."))
    _update(palmares, etat=EtatDuPalmares.CLOSE, clos_le=timezone.now(), clos_par=by)


@transaction.atomic
def announce(palmares: Palmares, *, at: datetime, by: AbstractUser | AnonymousUser) -> None:
    """Sets the end of the embargo: the results become public at ``at``. Until then, another call changes the date.

    :raises ActionRefused: a category has no decision, the date is past, or the results are public.
    """
    palmares = lock_palmares(palmares.pk)
    _require_announceable(palmares)
    if at <= timezone.now():
        raise ActionRefused(_("This date is past: choose a later one, or publish now."))
    _update(palmares, embargo=at, annonce_le=timezone.now(), annonce_par=by, diffuse_le=None)
    _send_public_changed(palmares)


@transaction.atomic
def publish_now(palmares: Palmares, *, by: AbstractUser | AnonymousUser) -> None:
    """Makes the results public now.

    :raises ActionRefused: a category has no decision, or the results are public.
    """
    palmares, now = lock_palmares(palmares.pk), timezone.now()
    _require_announceable(palmares)
    _update(palmares, embargo=now, annonce_le=now, annonce_par=by, diffuse_le=now)
    _send_public_changed(palmares, prizes=True)


@transaction.atomic
def withdraw_announcement(palmares: Palmares, *, by: AbstractUser | AnonymousUser) -> None:
    """Hides the results everywhere and deletes their date, to correct an announcement.

    :raises ActionRefused: nothing is announced.
    """
    palmares = lock_palmares(palmares.pk)
    if palmares.embargo is None:
        raise ActionRefused(_("Nothing is announced."))
    was_public = palmares.est_publie
    _update(palmares, embargo=None, annonce_le=None, annonce_par=None, diffuse_le=None)
    _send_public_changed(palmares, prizes=was_public)


def _require_announceable(palmares: Palmares) -> None:
    if palmares.etat != EtatDuPalmares.CLOSE:
        raise ActionRefused(_("The scoring is not closed."))
    if palmares.est_publie:
        raise ActionRefused(_("The results are public already."))
    undecided = palmares.categories.exclude(decisions__en_vigueur=True)
    if undecided.exists():
        names = ", ".join(undecided.values_list("nom", flat=True))
        raise ActionRefused(_("These categories await their decision: %(names)s.") % {"names": names})


def _update(palmares: Palmares, **values: Any) -> None:
    Palmares.objects.filter(pk=palmares.pk).update(**values)


def _send_public_changed(palmares: Palmares, *, prizes: bool = False) -> None:
    public_changed.send(sender=Palmares, fiches=fiches_of_decisions(palmares) if prizes else [])


def fiches_of_decisions(palmares: Palmares) -> list[int]:
    """Returns the keys of the fiches that get a prize by the decisions in force."""
    prizes = Prix.objects.in_force().filter(decision__categorie__palmares=palmares)
    return list(prizes.values_list("nomination__fiche_id", flat=True))
