"""Updates the `Bilan` of each fiche when a revision is saved, and by periodic work for those that were missed."""

from typing import Any

from django.db.models import F, Q
from django.db.models.signals import post_delete, post_save
from wagtail.models import Revision, get_default_page_content_type

from fiches.admin.fiche_gaps import GAPS, gaps_of
from fiches.models import Bilan, Critere, FichePage
from fiches.upkeep.periodic import for_each

A_TIME = 200


def connect() -> None:
    """Connects the receivers. Called once, when Django starts."""
    post_save.connect(revision_saved, sender=Revision, dispatch_uid="redaction_revision_saved")
    for signal in (post_save, post_delete):
        signal.connect(grid_changed, sender=Critere, dispatch_uid=f"redaction_grid_{id(signal)}")


def revision_saved(sender: type, instance: Revision, created: bool, raw: bool = False, **kwargs: Any) -> None:
    """Receiver of ``post_save``, for a new revision of a fiche."""
    if created and not raw and _is_of_a_fiche(instance):
        measure(instance.content_object, revision=instance.pk)  # the page in memory that it was made from


def grid_changed(sender: type, **kwargs: Any) -> None:
    """Receiver: the gaps in the grid may have changed for all fiches; marks them for the periodic work."""
    Bilan.objects.update(revision=None)


def measure(fiche: FichePage, *, revision: Any) -> None:
    """Writes the Bilan of a fiche. All other functions go through this one.

    :param fiche: an object made from the revision.
    :param revision: the key of the revision, or None.
    """
    names = gaps_of(fiche)
    part = round(100 * (len(GAPS) - len(names)) / len(GAPS))
    values = {"revision": revision, "manques": f"|{'|'.join(names)}|" if names else "", "part": part}
    row = Bilan(fiche_id=fiche.pk, **values)
    Bilan.objects.bulk_create([row], update_conflicts=True, unique_fields=["fiche"], update_fields=list(values))


def measure_pending() -> int:
    """Periodic work: measures the fiches without an up-to-date Bilan. Returns their number."""
    behind = Q(bilan__isnull=True) | Q(bilan__revision__isnull=True) | ~Q(bilan__revision=F("latest_revision"))
    waiting = FichePage.objects.filter(behind, latest_revision__isnull=False).order_by("pk")
    return _measure_without_revision() + for_each(list(waiting.values_list("pk", flat=True)), _measure_latest)


def _measure_latest(pk: int) -> None:
    fiche = FichePage.objects.select_related("latest_revision").filter(pk=pk).first()
    if fiche:
        measure(fiche.latest_revision.as_object(), revision=fiche.latest_revision_id)


def _measure_without_revision() -> int:
    """Measures a batch of fiches without any revision, which were created by code."""
    fiches = list(FichePage.objects.filter(bilan__isnull=True, latest_revision__isnull=True)[:A_TIME])
    for fiche in fiches:
        measure(fiche, revision=None)
    return len(fiches)


def _is_of_a_fiche(revision: Revision) -> bool:
    """Whether a revision is that of a fiche. Its ``base_content_type`` is that of all pages, its ``content_type`` the specific
    one."""
    if revision.base_content_type_id != get_default_page_content_type().pk:
        return False
    return issubclass(revision.content_type.model_class() or object, FichePage)
