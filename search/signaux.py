"""When the entries are written: whatever makes a page or a document appear, change or disappear."""

from django.db.models.signals import post_delete, post_save, pre_delete
from django.dispatch import receiver
from wagtail.documents import get_document_model
from wagtail.models import CollectionViewRestriction, Page, PageViewRestriction
from wagtail.signals import page_published, page_unpublished, post_page_move

from fiches.ecriture import rewritten
from fiches.models import FichePage
from fiches.recherche import pieces
from fiches.recherche.indexation import reindexed
from fiches.recherche.page import ONLY_DRAFTS, saved
from fiches.retrait import gone
from search.indexation import forget_pages, index_documents, index_pages, reindex


@receiver([page_published, saved])
def _page_changed(sender, instance, signal, **kwargs):
    if signal is saved or not issubclass(sender, FichePage):  # a fiche is saved when it is published
        index_pages([instance.pk])


@receiver(rewritten)
def _pages_rewritten(sender, pks, **kwargs):
    if issubclass(sender, Page):
        index_pages(pks)


@receiver(page_unpublished)
def _page_withdrawn(sender, instance, **kwargs):
    forget_pages([instance.pk])


@receiver(post_save)
def _page_saved(sender, instance, update_fields=None, raw=False, **kwargs):
    """A live page made or saved by code, without a revision to publish. A fiche says when it is whole: ``saved``."""
    if raw or not issubclass(sender, Page) or issubclass(sender, FichePage):
        return
    if instance.live and not (update_fields and set(update_fields) <= ONLY_DRAFTS):
        index_pages([instance.pk])


@receiver(pre_delete, sender=Page)
def _page_deleted(sender, instance, **kwargs):
    """Sent once for any page, whatever its type; one that was live was withdrawn first."""
    if not instance.live:
        forget_pages([instance.pk])


@receiver(gone)
def _fiches_gone(sender, pks, **kwargs):
    forget_pages(pks)


@receiver(post_page_move)
def _branch_moved(sender, instance, **kwargs):
    _index_branch(instance.pk)


@receiver([post_save, post_delete], sender=PageViewRestriction)
def _restriction_changed(sender, instance, **kwargs):
    _index_branch(instance.page_id)


def _index_branch(pk):
    path = Page.objects.filter(pk=pk).values_list("path", flat=True).first()
    if path:
        index_pages(Page.objects.filter(path__startswith=path).values_list("pk", flat=True))


@receiver(pieces.read)
def _documents_changed(sender, pks, **kwargs):
    """Saved, deleted, or their text read."""
    index_documents(pks)


@receiver([post_save, post_delete], sender=CollectionViewRestriction)
def _collection_changed(sender, instance, **kwargs):
    index_documents(get_document_model().objects.values_list("pk", flat=True))


@receiver(reindexed)
def _all_anew(sender, **kwargs):
    reindex()
