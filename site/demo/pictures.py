"""The demonstration's pictures and documents: made by the project, once each."""

import zlib

from django.core.files.base import ContentFile
from wagtail.documents import get_document_model

from demo.content import FOLDER, read
from demo.drawings import draw, logo
from demo.typography import typeset
from home.models import Illustration

EXAMPLE_TAG = "exemple"
CREDIT = "Dessin du projet Rally’nov"


def seed_of(key):
    """The same number for the same key, on every machine."""
    return zlib.crc32(key.encode()) % 10_000


def described(motif, key, *, exemple=True):
    """The picture of ``motif`` drawn for ``key``, and its alternative text."""
    alt = typeset(read("dessins")[motif])
    title = typeset(f"Dessin : {motif} ({key})")
    return _stored(title, lambda: draw(motif, seed=seed_of(key)), description=alt, exemple=exemple), alt


def logo_of(initials, key, organisation):
    """The logo drawn for an example, and its alternative text."""
    alt = typeset(f"Logo de {organisation}")
    title = typeset(f"Logo : {organisation}")
    return _stored(title, lambda: logo(initials, seed_of(key)), description=alt, exemple=True), alt


def _stored(title, make, *, description, exemple):
    found = Illustration.objects.filter(title=title, exemple=exemple).first()
    if found:
        return found
    file = ContentFile(make(), name=f"dessin-{seed_of(title):04d}")
    return Illustration.objects.create(title=title, file=file, description=description, credit=CREDIT, exemple=exemple)


def document_of(name, title):
    """The document ``name`` of ``contenu/documents/``, tagged as an example."""
    model = get_document_model()
    title = typeset(title)
    found = model.objects.filter(title=title, tags__name=EXAMPLE_TAG).first()
    if found:
        return found
    path = next((FOLDER / "documents").glob(f"{name}.*"))
    file = ContentFile(path.read_bytes(), name=path.name)
    document = model.objects.create(title=title, file=file)
    document.tags.add(EXAMPLE_TAG)
    return document
