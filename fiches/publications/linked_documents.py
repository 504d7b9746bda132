"""The documents that public pages link to: their text is extracted in the background, and found with these pages."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django_tasks import task
from wagtail.documents import get_document_model

from fiches.media.access import open_to_readers
from fiches.media.documents import READABLE, text_of
from fiches.models import PublicationValue, TexteDeDocument

# Characters of documents indexed with one page, all documents together.
MOST_TEXT = 100_000
# The facet of PublicationValue for the documents that a page links to.
OFFERED = "document"


@cache
def _texts_of(model: Any) -> list:
    return [field for field in model._meta.get_fields() if hasattr(field, "extract_references")]


def documents_in(page: Any) -> set[int]:
    """The keys of the documents that the texts of a page link to."""
    documents = get_document_model()
    return {
        int(pk)
        for field in _texts_of(page._meta.model)
        for target, pk, *_path in field.extract_references(field.value_from_object(page))
        if target is documents
    }


def _texts_of_documents(documents: list) -> dict[int, str]:
    """``{pk: text}`` of the documents already read. Queues the reading of the others."""
    if not documents:
        return {}
    known = {row.document: row for row in TexteDeDocument.objects.filter(document__in=[d.pk for d in documents])}
    fresh = {
        d.pk: known[d.pk].texte for d in documents if d.pk in known and known[d.pk].empreinte == document_fingerprint(d)
    }
    unread = [d.pk for d in documents if d.pk not in fresh and d.file_extension.lower() in READABLE]
    if unread:
        transaction.on_commit(lambda: read_documents.enqueue(unread))
    return fresh


def texts_by_page(offered: Mapping[int, Iterable[int]]) -> dict[int, str]:
    """``{pk of a page: titles and texts of its public documents}``. Three queries at most.

    :param offered: ``{pk of a page: keys of the documents that its texts link to}``.
    """
    every = {pk for pks in offered.values() for pk in pks}
    if not every:
        return {}
    documents = {document.pk: document for document in open_to_readers(get_document_model(), every)}
    known = _texts_of_documents(list(documents.values()))
    return {
        page: " ".join(f"{documents[pk].title} {known.get(pk, '')}" for pk in sorted(pks) if pk in documents)[
            :MOST_TEXT
        ]
        for page, pks in offered.items()
    }


def document_fingerprint(document: Any) -> str:
    """Identifies the file of a document: it changes when the file is replaced."""
    return f"{document.file.name}:{document.file_hash}"[-200:]


def count_unread() -> int:
    """The number of documents whose text could be read and isn't known: no public page links to them, or their file is new."""
    read = set(TexteDeDocument.objects.values_list("document", "empreinte"))
    documents = get_document_model().objects.only("file", "file_hash").iterator()
    return sum(d.file_extension.lower() in READABLE and (d.pk, document_fingerprint(d)) not in read for d in documents)


@task()
def read_documents(pks: list[int]) -> None:
    """Task: reads each file that is new, and indexes the pages that link to it. A file without text is not tried again until it is replaced.
    If the storage doesn't answer, the task fails; the next indexing of a page with the document queues it again."""
    read = []
    for document in get_document_model().objects.filter(pk__in=pks):
        empreinte = document_fingerprint(document)
        if not TexteDeDocument.objects.filter(document=document.pk, empreinte=empreinte).exists():
            with document.open_file() as file:
                text = text_of(file, document.file_extension.lower())
            values = {"empreinte": empreinte, "texte": text}
            TexteDeDocument.objects.update_or_create(document=document.pk, defaults=values)
            read.append(document.pk)
    changed(read)


def changed(pks: Iterable[int]) -> None:
    """Indexes the pages that link to these documents again."""
    _index(PublicationValue.objects.filter(facet=OFFERED, value__in=[str(pk) for pk in pks]))


def all_changed() -> None:
    """Indexes all pages that link to documents again: a collection was closed or opened."""
    _index(PublicationValue.objects.filter(facet=OFFERED))


def _index(links: QuerySet) -> None:
    from fiches.publications import ledger

    pages: dict[str, set[int]] = defaultdict(set)
    for kind, page in links.values_list("publication__kind", "publication__object_id"):
        pages[kind].add(page)
    for kind, pks in pages.items():
        ledger.record(kind, pks, is_direct=False)


def forget_text(pk: int) -> None:
    """Deletes the extracted text of a document that is being deleted."""
    TexteDeDocument.objects.filter(document=pk).delete()
