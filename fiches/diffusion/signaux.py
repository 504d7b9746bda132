"""When what the outside knows is written: whatever makes a page appear, change or disappear comes through here."""

from django.db.models import Q
from django.db.models.signals import post_delete, post_save, pre_delete
from django.dispatch import receiver
from modelcluster.fields import ParentalKey
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page, PageViewRestriction, ReferenceIndex, Site
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from fiches.diffusion import journal, pdf
from fiches.ecriture import rewritten
from fiches.models import Commune, Critere, Dimension, Edition, FichePage, MotCle, Partenaire
from fiches.recherche.page import ONLY_DRAFTS, saved
from fiches.retrait import gone

NAMED = {
    Critere: Q(fiche_criteres__tag=0),
    Dimension: Q(fiche_criteres__tag__dimension=0),
    MotCle: Q(fiche_mots_cles__tag=0),
    Partenaire: Q(partenaire=0) | Q(financements__partenaire=0),
    Edition: Q(edition=0),
    Commune: Q(commune=0),
}
"""Records whose words are among a fiche's contents; 0 stands for the record."""


@receiver(saved, sender=FichePage)
def _fiche_saved(sender, instance, **kwargs):
    journal.publish("fiche", [instance.pk])


@receiver(journal.reviewed)
def _pages_reviewed(sender, nature, pks, **kwargs):
    """What was printed before is not kept: nothing of a withdrawn fiche stays on a shelf."""
    if nature == "fiche":
        for pk in pks:
            pdf.clear(f"fiche-{pk}")
            pdf.clear(f"carte-{pk}")
        pdf.clear("livret")


@receiver(gone, sender=FichePage)
def _fiches_changed_at_once(sender, pks, **kwargs):
    journal.review("fiche", pks)


@receiver(rewritten)
def _rows_rewritten(sender, pks, **kwargs):
    page = next((field for field in sender._meta.local_fields if isinstance(field, ParentalKey)), None)
    nature = journal.nature_of(page.related_model if page else sender)
    if nature:
        rows = sender._base_manager.filter(pk__in=pks)
        journal.review(nature, rows.values_list(page.attname if page else "pk", flat=True))
    elif sender in NAMED:
        for record in sender._base_manager.filter(pk__in=pks):
            _review_fiches_that_name(record)
    journal.touch()


@receiver([post_save, page_published, page_unpublished])
def _page_saved(sender, instance, raw=False, update_fields=None, **kwargs):
    """Pages of other rooms: their contents are built when next asked for, since their children come after them."""
    only_drafts = update_fields and set(update_fields) <= ONLY_DRAFTS
    if raw or only_drafts or sender is FichePage or not issubclass(sender, Page):
        return
    nature = journal.nature_of(sender)
    if nature:
        journal.review(nature, [instance.pk])


@receiver(pre_delete, sender=Page)
def _page_deleted(sender, instance, **kwargs):
    """Sent once for any page, whatever its type."""
    nature = journal.nature_of(instance.specific_class)
    if nature:
        journal.forget(nature, [instance.pk])


@receiver([post_page_move, page_slug_changed])
def _branch_moved(sender, instance, **kwargs):
    _review_branch(instance.pk)
    review_pages_that_show(instance)


@receiver([post_save, post_delete], sender=PageViewRestriction)
def _restriction_changed(sender, instance, **kwargs):
    _review_branch(instance.page_id)


def _review_branch(pk):
    path = Page.objects.filter(pk=pk).values_list("path", flat=True).first()
    if path:  # else the page itself is being deleted
        _review_all(path__startswith=path)


def _review_all(**condition):
    for pages in journal.registered():
        journal.review(pages.nature, pages.model.objects.filter(**condition).values_list("pk", flat=True))


@receiver([post_save, pre_delete])
def _record_changed(sender, instance, raw=False, **kwargs):
    if raw:
        return
    if sender in NAMED:
        _review_fiches_that_name(instance)
    elif sender in (get_image_model(), get_document_model()):
        review_pages_that_show(instance)
    elif sender is Site:
        _review_all()


def _review_fiches_that_name(record):
    condition = NAMED[type(record)]
    condition = Q(*((lookup, record.pk) for lookup, _zero in condition.children), _connector=condition.connector)
    pks = FichePage.objects.filter(condition).values_list("pk", flat=True).distinct()
    journal.review("fiche", pks)
    review_pages_that_show(record)


def review_pages_that_show(instance):
    """Reviews the pages that refer to a picture, a document, a page or a partner, at one step's remove too."""
    for reference in ReferenceIndex.get_references_to(instance).select_related("base_content_type"):
        model = reference.base_content_type.model_class()
        if model is None:
            continue
        if issubclass(model, Page):
            _review_all(pk=int(reference.object_id))
        elif isinstance(instance, get_image_model()) and model in NAMED:
            for record in model.objects.filter(pk=reference.object_id):
                _review_fiches_that_name(record)
