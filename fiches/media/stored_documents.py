"""Documents that were stored before those that are sent were cleaned: cleaned in their place, under their name."""

from io import BytesIO
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.core.files import File
from wagtail.documents import get_document_model
from wagtail.documents.models import AbstractDocument

from fiches.media.documents import CleanDocument, check_document


class Cleaned(NamedTuple):
    """``documents``: how many were written anew. ``refused``: ``[(document, why)]``, left as they are."""

    documents: int
    refused: list[tuple[AbstractDocument, str]]


def clean_stored() -> Cleaned:
    """Takes off every stored document what is taken off those that are sent. What is clean stays byte for byte, and so do
    pictures, which were always cleaned."""
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
    storage.delete(name)  # links hold the name, so the clean file takes the place of the other
    document.file.name = storage.save(name, clean)
    document._set_document_file_metadata()
    document.save()
    return True
