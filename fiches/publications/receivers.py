"""The signal receivers that update the register and the version: for pages, and for the records that pages show.

Code that writes without a signal uses :func:`fiches.models.bulk.update`, or calls ``record()`` or ``touch()`` itself.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import reduce
from operator import or_
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q, QuerySet
from django.db.models.signals import post_delete, post_save, pre_delete
from django.dispatch import receiver
from django.http import HttpRequest
from modelcluster.fields import ParentalKey
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import CollectionViewRestriction, Locale, Page, PageViewRestriction, ReferenceIndex, Site
from wagtail.search import index
from wagtail.signals import page_published, page_slug_changed, post_page_move

from fiches.models import Commune, Critere, Dimension, Edition, FichePage, MotCle, Partenaire, Synonyme
from fiches.models.bulk import rewritten
from fiches.models.publications import kind_of
from fiches.models.revisions import ONLY_DRAFTS, RevisedWhenChanged, saved
from fiches.publications import ledger, linked_documents
from fiches.publications.version import touch

_MEDIA = (get_image_model(), get_document_model())
# Models whose names are part of a fiche's contents, with the look-ups from the fiche.
NAMED: dict[type, tuple[str, ...]] = {
    Critere: ("fiche_criteres__tag",),
    Dimension: ("fiche_criteres__tag__dimension",),
    MotCle: ("fiche_mots_cles__tag",),
    Partenaire: ("partenaire", "financements__partenaire"),
    Edition: ("edition",),
    Commune: ("commune",),
}
# The depth of most home pages in the tree.
HOME_DEPTH = 2
# Models that pages name or show. Other apps add theirs with :func:`shown_by_pages`.
SHOWN: set[type] = {*NAMED, Synonyme, Locale, Site, *_MEDIA}
# Those of which a new record is on no page yet, so that creating it doesn't change the version.
NEW_IS_UNSEEN: set[type] = {Commune, Edition, MotCle, *_MEDIA}

_related: dict[type, list[Callable[[Any], dict[str, Iterable[int]]]]] = defaultdict(list)


def shown_by_pages(*models: type) -> None:
    """Declares models that public pages show: saving or deleting a record then changes the version. Called from
    ``AppConfig.ready()``."""
    SHOWN.update(models)
    for model in models:
        for signal in (post_save, post_delete):
            signal.connect(_record_written, sender=model)


def record_with(*models: type, find: Callable[[Any], dict[str, Iterable[int]]]) -> None:
    """Declares ``find(instance)``, which returns ``{kind: keys of the pages that show a record of these models}``: saving or deleting
    the record then updates their rows. Called from ``AppConfig.ready()``."""
    for model in models:
        _related[model].append(find)
        for signal in (post_save, post_delete):
            signal.connect(_record_related, sender=model)


def connect() -> None:
    """Connects the receivers, each for its sender, so that the dozens of other rows written by a publication call none. The pages of
    this product send ``saved`` instead, once their child rows are stored. Called once, when Django starts."""
    for model in apps.get_models():
        if not issubclass(model, Page) or issubclass(model, RevisedWhenChanged):
            continue
        page_published.connect(_page_saved, sender=model)
        post_save.connect(_page_written, sender=model)
    for restriction in (PageViewRestriction, CollectionViewRestriction):
        for signal in (post_save, post_delete):
            signal.connect(_restriction_written, sender=restriction)
    shown_by_pages(*SHOWN)
    for model in (Page, *NAMED, *_MEDIA):
        pre_delete.connect(_before_deletion, sender=model)


@receiver(saved)
def _page_saved(sender: Any, instance: Page, **kwargs: Any) -> None:
    """Receiver of ``saved``, and of ``page_published`` for pages of a host."""
    if not ledger.record(kind_of(sender), [instance.pk]) and instance.live:
        touch()  # under a restriction: those who may see it see the change


@receiver([post_page_move, page_slug_changed])
def _branch_moved(sender: Any, instance: Page, **kwargs: Any) -> None:
    touch()
    _record_branch(instance.pk)
    _record_pages_that_show(instance)


def _restriction_written(sender: Any, instance: Any, raw: bool = False, **kwargs: Any) -> None:
    if not raw:
        touch()
        if sender is PageViewRestriction:
            _record_branch(instance.page_id)
        else:
            linked_documents.all_changed()


def collection_moved() -> None:
    """To call in the transaction in which a collection takes another place in the tree, which sends no signal."""
    touch()
    linked_documents.all_changed()


def moved_in_bulk(request: HttpRequest, action_type: str, objects: list[Model], action: Any) -> None:
    """Hook ``after_bulk_action``: Wagtail moves many documents or pictures to a collection without a signal."""
    if action_type == "add_to_collection":
        touch()
        linked_documents.changed([each.pk for each in objects if isinstance(each, get_document_model())])


def _record_written(
    sender: Any, instance: Any, signal: Any, created: bool = False, raw: bool = False, **kwargs: Any
) -> None:
    if raw:
        return
    if sender is Site:
        Site.clear_site_root_paths_cache()  # Wagtail may do it later than the receivers that read them
    if not (created and sender in NEW_IS_UNSEEN):
        touch()
    if named_by := instance.__dict__.pop("_named_by", None):
        ledger.record("fiche", named_by)  # the record is deleted now: its name leaves the index of these fiches
    elif not created:
        _record_pages_that_show(instance)
    elif sender is Site:
        for home in instance.root_page.get_translations(inclusive=True):
            _record_branch(home.pk)  # these pages had no address before
    if sender is get_document_model():
        if signal is post_delete:
            linked_documents.forget_text(instance.pk)
        linked_documents.changed([instance.pk])


def _record_related(sender: Any, instance: Any, raw: bool = False, **kwargs: Any) -> None:
    if not raw:
        for find in _related[sender]:
            for kind, pks in find(instance).items():
                ledger.record(kind, pks, is_direct=False, build=False)  # the page may be half written


def _page_written(sender: Any, instance: Page, update_fields: Any = None, raw: bool = False, **kwargs: Any) -> None:
    """Receiver of ``post_save``, for pages that code saves without publishing a revision. Ignores changes of drafts."""
    if not raw and not (update_fields and set(update_fields) <= ONLY_DRAFTS):
        if instance.depth <= HOME_DEPTH:
            Site.clear_site_root_paths_cache()
        if instance.live:
            touch()
        ledger.record(kind_of(sender), [instance.pk], build=False)  # its child rows are not written yet


def _before_deletion(sender: Any, instance: Any, **kwargs: Any) -> None:
    """Receiver of ``pre_delete``, when the pages that show the record can still be found. A page of any type sends it as
    ``Page``."""
    if sender is Page:
        touch()
        ledger.forget(kind_of(instance.specific_class), [instance.pk])
    else:
        _record_pages_that_show(instance, build=False)
        instance._named_by = list(_fiches_that_name(sender, [instance.pk])) if sender in NAMED else []


@receiver(rewritten)
def _rows_rewritten(sender: Any, pks: Iterable[int], **kwargs: Any) -> None:
    """Receiver of :func:`fiches.models.bulk.update`, for rows of pages, of their child tables, or of records that pages show."""
    touch()
    rows = sender._base_manager.filter(pk__in=pks)
    parent = next((field for field in sender._meta.local_fields if isinstance(field, ParentalKey)), None)
    if name := kind_of(parent.related_model if parent else sender):
        ledger.record(name, rows.values_list(parent.attname if parent else "pk", flat=True), at_once=True)
    if index.class_is_indexed(sender):  # Wagtail's own search hears no update
        for row in rows:
            index.insert_or_update_object(row)
    if sender in SHOWN:  # a document is in the register itself, and its title in the text of the fiches that offer it
        _record_pages_that_show(*rows)


# --- Which pages show a record ------------------------------------------------------------------------------------------------


def _record_branch(pk: int) -> None:
    path = Page.objects.filter(pk=pk).values_list("path", flat=True).first()
    if path:  # else the page itself is being deleted
        _record_all(path__startswith=path)


def _record_all(*, build: bool = True, **condition: Any) -> None:
    for kind in ledger.page_kinds():
        ledger.record(kind.name, kind.keys(**condition), build=build)


def _record_pages_that_show(*records: Any, build: bool = True) -> None:
    """Updates the pages that name the records or refer to them, and the fiches whose partner has one as its logo; each page once."""
    if any(isinstance(record, Site) for record in records):
        _record_all(build=build)
        return
    pages: set[int] = set()
    fiches: set[int] = set()
    for record in records:
        if type(record) in NAMED:
            fiches.update(_fiches_that_name(type(record), [record.pk]))
        for model, keys in _references_to(record).items():
            if issubclass(model, Page):
                pages.update(map(int, keys))
            elif isinstance(record, get_image_model()) and model in NAMED:
                fiches.update(_fiches_that_name(model, keys))
    if pages:
        _record_all(build=build, pk__in=pages | fiches)
    else:
        ledger.record(ledger.FICHE, fiches, build=build)


def _references_to(record: Any) -> dict[type, list[str]]:
    """``{model: keys}`` of the objects that refer to a record; of pages, the model is ``Page``."""
    keys: dict[type, list[str]] = {}
    for kind, key in ReferenceIndex.get_references_to(record).values_list("base_content_type", "object_id"):
        if model := ContentType.objects.get_for_id(kind).model_class():
            keys.setdefault(model, []).append(key)
    return keys


def _fiches_that_name(model: type, pks: Iterable[Any]) -> QuerySet:
    names_it = reduce(or_, (Q(**{f"{lookup}__in": pks}) for lookup in NAMED[model]))
    return FichePage.objects.filter(names_it).values_list("pk", flat=True).distinct()
