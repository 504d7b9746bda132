"""Keeps each fiche's `Bilan`: measured when a revision is saved, and again by periodic work where that was missed."""

from django.db.models import F, Q
from django.db.models.signals import post_delete, post_save
from wagtail.models import Revision, get_default_page_content_type

from fiches.admin.fiche_gaps import GAPS, gaps_of
from fiches.models import Bilan, Critere, FichePage
from fiches.upkeep.periodic import for_each

A_TIME = 200


def connect():
    """Called once, when Django starts."""
    post_save.connect(revision_saved, sender=Revision, dispatch_uid="redaction_revision_saved")
    for signal in (post_save, post_delete):
        signal.connect(grid_changed, sender=Critere, dispatch_uid=f"redaction_grid_{id(signal)}")


def revision_saved(sender, instance, created, raw=False, **kwargs):
    """Receiver."""
    if created and not raw and _of_a_fiche(instance):
        measure(instance.content_object, revision=instance.pk)  # the page in memory that it was made from


def grid_changed(sender, **kwargs):
    """Receiver: another question may be unanswered now; the periodic work looks."""
    Bilan.objects.update(revision=None)


def measure(fiche, *, revision):
    """The one writer of a Bilan: what ``fiche``, an object made of that revision, lacks."""
    names = gaps_of(fiche)
    part = round(100 * (len(GAPS) - len(names)) / len(GAPS))
    found = {"revision": revision, "manques": f"|{'|'.join(names)}|" if names else "", "part": part}
    row = Bilan(fiche_id=fiche.pk, **found)
    Bilan.objects.bulk_create([row], update_conflicts=True, unique_fields=["fiche"], update_fields=list(found))


def measure_pending():
    """Fiches never measured, or measured before their latest revision; returns how many were."""
    behind = Q(bilan__isnull=True) | Q(bilan__revision__isnull=True) | ~Q(bilan__revision=F("latest_revision"))
    waiting = FichePage.objects.filter(behind, latest_revision__isnull=False).order_by("pk")
    return _measure_without_revision() + for_each(list(waiting.values_list("pk", flat=True)), _measure_latest)


def _measure_latest(pk):
    fiche = FichePage.objects.select_related("latest_revision").filter(pk=pk).first()
    if fiche:
        measure(fiche.latest_revision.as_object(), revision=fiche.latest_revision_id)


def _measure_without_revision():
    """Those that a programme wrote straight into the table."""
    fiches = list(FichePage.objects.filter(bilan__isnull=True, latest_revision__isnull=True)[:A_TIME])
    for fiche in fiches:
        measure(fiche, revision=None)
    return len(fiches)


def _of_a_fiche(revision):
    """Its content names the class: a revision of a page is kept under the content type of all pages."""
    if revision.base_content_type_id != get_default_page_content_type().pk:
        return False
    return issubclass(revision.content_type.model_class() or object, FichePage)
