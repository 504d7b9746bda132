"""The documents that pages offer: found by their text, once it was read, for as long as the public may open them."""

from functools import cache

from django.db import transaction
from django.db.models import Q
from django.db.models.signals import post_delete, post_save
from django.dispatch import Signal
from django_tasks import task
from wagtail.documents import get_document_model
from wagtail.models import CollectionViewRestriction

from fiches.medias import open_to_readers
from fiches.models import Ligne, Piece
from fiches.recherche.lecture import READABLE, text_of

MOST_TEXT = 100_000
"""Characters that the documents of one fiche add to its words, all together."""

read = Signal()
"""Sent with ``pks`` once the text of documents was read, or may no longer be found."""


@cache
def _texts_of(model):
    return [field for field in model._meta.get_fields() if hasattr(field, "extract_references")]


def documents_in(page, model=None):
    """The keys of the documents in the texts of a page, or of the columns of a page of ``model``."""
    documents = get_document_model()
    return {
        int(pk)
        for field in _texts_of(model or type(page))
        for found, pk, *_path in field.extract_references(field.value_from_object(page))
        if found is documents
    }


def texts(documents):
    """``{key: text}`` of those already read; the others are about to be."""
    known = {piece.document: piece for piece in Piece.objects.filter(document__in=[d.pk for d in documents])}
    fresh = {d.pk: known[d.pk].texte for d in documents if d.pk in known and known[d.pk].empreinte == fingerprint(d)}
    unread = [d.pk for d in documents if d.pk not in fresh and d.file_extension.lower() in READABLE]
    if unread:
        transaction.on_commit(lambda: read_documents.enqueue(unread))
    return fresh


def offered(cited):
    """``{key of the fiche: (keys of its documents, their text)}``; three queries at most.

    :param cited: ``{key of the fiche: keys of the documents in its texts}``, of those that have some.
    """
    cited = {fiche: tuple(sorted(pks)) for fiche, pks in cited.items()}
    every = {pk for pks in cited.values() for pk in pks}
    if not every:
        return {}
    documents = {document.pk: document for document in open_to_readers(get_document_model(), every)}
    known = texts(list(documents.values()))
    return {
        fiche: (
            pks,
            " ".join(f"{documents[pk].title} {known.get(pk, '')}" for pk in pks if pk in documents)[:MOST_TEXT],
        )
        for fiche, pks in cited.items()
    }


def fingerprint(document):
    """Changes with the file."""
    return f"{document.file.name}:{document.file_hash}"[-200:]


@task()
def read_documents(pks):
    """Reads each file once: one that holds nothing to read isn't tried again until it is replaced. Where the storage does
    not answer the task fails, and the next page that offers the document asks again."""
    news = []
    for document in get_document_model().objects.filter(pk__in=pks):
        empreinte = fingerprint(document)
        if not Piece.objects.filter(document=document.pk, empreinte=empreinte).exists():
            with document.open_file() as file:
                kept = {"empreinte": empreinte, "texte": text_of(file, document.file_extension.lower())}
            Piece.objects.update_or_create(document=document.pk, defaults=kept)
            news.append(document.pk)
    _changed(news)


def _changed(pks):
    from fiches.recherche.indexation import index_fiches

    if not pks:
        return
    index_fiches(fiches_that_offer(pks))
    read.send(sender=None, pks=list(pks))


def fiches_that_offer(pks):
    """The keys of the visible fiches that offer one of these documents."""
    any_of_them = Q(pk__in=[])
    for pk in pks:
        any_of_them |= Q(documents__contains=f" {pk} ")
    return list(Ligne.objects.filter(any_of_them).values_list("pk", flat=True))


def _document_saved(instance, raw=False, **kwargs):
    if not raw:
        _changed([instance.pk])


def _document_deleted(instance, **kwargs):
    Piece.objects.filter(document=instance.pk).delete()
    _changed([instance.pk])


def _collection_closed_or_opened(**kwargs):
    from fiches.recherche.indexation import index_fiches

    index_fiches(Ligne.objects.exclude(documents="").values_list("pk", flat=True))


def connect():
    """Called once, when Django starts."""
    model = get_document_model()
    post_save.connect(_document_saved, sender=model, dispatch_uid="pieces_saved")
    post_delete.connect(_document_deleted, sender=model, dispatch_uid="pieces_deleted")
    for signal in (post_save, post_delete):
        signal.connect(
            _collection_closed_or_opened, sender=CollectionViewRestriction, dispatch_uid="pieces_collections"
        )
