"""What moves the version and writes the register: pages, and the records that pages show. Nothing else listens for that.

What is written without a signal goes through :func:`fiches.models.bulk.update`, or is followed by ``record()`` or
``touch()`` where it is written.
"""

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any

from django.apps import apps
from django.db.models import Q, QuerySet
from django.db.models.signals import post_delete, post_save, pre_delete
from django.dispatch import receiver
from modelcluster.fields import ParentalKey
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import CollectionViewRestriction, Locale, Page, PageViewRestriction, ReferenceIndex, Site
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from fiches.models import Commune, Critere, Dimension, Edition, FichePage, MotCle, Partenaire, Synonyme
from fiches.models.bulk import rewritten
from fiches.models.publications import kind_of
from fiches.models.searched_page import ONLY_DRAFTS, saved
from fiches.publications import ledger
from fiches.publications.version import touch

_MEDIA = (get_image_model(), get_document_model())
# Records whose words are among a fiche's contents, and how a fiche leads to them.
NAMED: dict[type, tuple[str, ...]] = {
    Critere: ("fiche_criteres__tag",),
    Dimension: ("fiche_criteres__tag__dimension",),
    MotCle: ("fiche_mots_cles__tag",),
    Partenaire: ("partenaire", "financements__partenaire"),
    Edition: ("edition",),
    Commune: ("commune",),
}
# Records that pages name or show. Rooms add theirs by :func:`shown_by_pages`.
SHOWN: set[type] = {*NAMED, Synonyme, Locale, Site, *_MEDIA}
# Of these, what is new stands on no page yet: the page that will show it moves the version.
NEW_IS_UNSEEN: set[type] = {Commune, Edition, MotCle, *_MEDIA}


def shown_by_pages(*models: type) -> None:
    """Called from ``AppConfig.ready()``: saving or deleting a record of these changes what the public may see."""
    SHOWN.update(models)
    for model in models:
        for signal in (post_save, post_delete):
            signal.connect(_record_written, sender=model)


def connect() -> None:
    """Called once, when Django starts. By sender, so that a publication runs none of these for the dozens of rows that it
    writes beside the page. A fiche says itself when it is stored: ``saved``."""
    for model in apps.get_models():
        if not issubclass(model, Page) or issubclass(model, FichePage):
            continue
        for signal in (page_published, page_unpublished):
            signal.connect(_page_published, sender=model)
        post_save.connect(_page_written, sender=model)
    for restriction in (PageViewRestriction, CollectionViewRestriction):
        for signal in (post_save, post_delete):
            signal.connect(_restriction_written, sender=restriction)
    shown_by_pages(*SHOWN)
    for model in (Page, *NAMED, *_MEDIA):
        pre_delete.connect(_about_to_go, sender=model)


def _page_published(sender: Any, instance: Page, signal: Any, **kwargs: Any) -> None:
    """Sent once the page and its children are stored. A page that is about to be deleted is unpublished in memory only: the
    database doesn't know yet."""
    touch(gone=signal is page_unpublished)
    write = ledger.forget if signal is page_unpublished else ledger.record
    write(kind_of(sender), [instance.pk])


@receiver(saved, sender=FichePage)
def _fiche_saved(sender: Any, instance: FichePage, **kwargs: Any) -> None:
    if not ledger.record("fiche", [instance.pk], build=True) and instance.live:
        touch()  # what changed isn't in the register: the page shows it


@receiver([post_page_move, page_slug_changed])
def _branch_moved(sender: Any, instance: Page, **kwargs: Any) -> None:
    touch(gone=True)
    _record_branch(instance.pk)
    _record_pages_that_show(instance)


def _restriction_written(sender: Any, instance: Any, raw: bool = False, **kwargs: Any) -> None:
    if not raw:
        touch(gone=True)
        if sender is PageViewRestriction:
            _record_branch(instance.page_id)


def _record_written(sender: Any, instance: Any, created: bool = False, raw: bool = False, **kwargs: Any) -> None:
    if raw:
        return
    if not (created and sender in NEW_IS_UNSEEN):
        touch()
    if named_by := instance.__dict__.pop("_named_by", None):
        ledger.record("fiche", named_by)  # once it is deleted: its words are theirs no longer
    elif not created:
        _record_pages_that_show(instance)


def _page_written(sender: Any, instance: Page, update_fields: Any = None, raw: bool = False, **kwargs: Any) -> None:
    """A live page saved by code, without a revision to publish; one that is not live may have been until now. A draft concerns
    nobody."""
    if not raw and not (update_fields and set(update_fields) <= ONLY_DRAFTS):
        if instance.live:
            touch()
        ledger.record(kind_of(sender), [instance.pk])


def _about_to_go(sender: Any, instance: Any, **kwargs: Any) -> None:
    """While it can still be asked which pages show a record. For a page it is sent once as ``Page``, whatever its type."""
    if sender is Page:
        touch(gone=True)
        ledger.forget(kind_of(instance.specific_class), [instance.pk])
    else:
        _record_pages_that_show(instance)
        instance._named_by = list(_fiches_that_name(instance)) if sender in NAMED else []


@receiver(rewritten)
def _rows_rewritten(sender: Any, pks: Iterable[int], **kwargs: Any) -> None:
    """What :func:`fiches.models.bulk.update` wrote: rows of pages, of their children, or of records that fiches name."""
    touch(gone=True)
    rows = sender._base_manager.filter(pk__in=pks)
    parent = next((field for field in sender._meta.local_fields if isinstance(field, ParentalKey)), None)
    if name := kind_of(parent.related_model if parent else sender):
        ledger.record(name, rows.values_list(parent.attname if parent else "pk", flat=True))
    elif sender in NAMED:
        for record in rows:
            _record_fiches_that_name(record)


# --- Which pages show a record ------------------------------------------------------------------------------------------------


def _record_branch(pk: int) -> None:
    path = Page.objects.filter(pk=pk).values_list("path", flat=True).first()
    if path:  # else the page itself is being deleted
        _record_all(path__startswith=path)


def _record_all(**condition: Any) -> None:
    for kind in ledger.page_kinds():
        ledger.record(kind.name, kind.keys(**condition))


def _record_pages_that_show(instance: Any) -> None:
    """Records the pages that name a record or refer to it, at one step's remove too."""
    if isinstance(instance, Site):
        _record_all()
        return
    if type(instance) in NAMED:
        _record_fiches_that_name(instance)
    for reference in ReferenceIndex.get_references_to(instance).select_related("base_content_type"):
        model = reference.base_content_type.model_class()
        if model is None:
            continue
        if issubclass(model, Page):
            _record_all(pk=int(reference.object_id))
        elif isinstance(instance, get_image_model()) and model in NAMED:
            for record in model.objects.filter(pk=reference.object_id):
                _record_fiches_that_name(record)


def _record_fiches_that_name(record: Any) -> None:
    ledger.record("fiche", _fiches_that_name(record))


def _fiches_that_name(record: Any) -> QuerySet:
    names_it = reduce(or_, (Q(**{lookup: record.pk}) for lookup in NAMED[type(record)]))
    return FichePage.objects.filter(names_it).values_list("pk", flat=True).distinct()
