"""Cleans documents that were stored before uploads were cleaned, in place."""

from io import BytesIO
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.core.files import File
from wagtail.documents import get_document_model
from wagtail.documents.models import AbstractDocument

from fiches.media.documents import CleanDocument, check_document


class Cleaned(NamedTuple):
    """The result. ``documents``: how many were rewritten. ``refused``: ``[(document, reason)]``, left unchanged."""

    documents: int
    refused: list[tuple[AbstractDocument, str]]


def clean_stored() -> Cleaned:
    """Removes the personal metadata of every stored document, as for uploads. Clean documents and images are not rewritten."""
    count, refused = 0, []
    for document in get_document_model()._default_manager.order_by("pk").iterator():
        try:
            count += _clean(document)
        except ValidationError as error:
            refused.append((document, " ".join(error.messages)))
        except OSError as error:
            refused.append((document, type(error).__name__))
    return Cleaned(count, refused)


def _clean(document: AbstractDocument) -> bool:
    with document.open_file() as file:
        clean = check_document(File(BytesIO(file.read()), name=document.filename))
    if not isinstance(clean, CleanDocument) or not clean.removed:
        return False
    storage, name = document.file.storage, document.file.name
    storage.delete(name)  # the clean file takes the same name, which links contain
    document.file.name = storage.save(name, clean)
    document._set_document_file_metadata()
    document.save()
    return True
