"""The demonstration's pictures and documents, from ``contenu/images/`` and ``contenu/documents/``."""

from django.core.files.base import ContentFile
from wagtail.documents import get_document_model

from demo.content import FOLDER, read
from demo.typography import typeset
from home.models import Illustration

EXAMPLE_TAG = "exemple"
CREDIT = "Dessin du projet Rally’nov"


def described(motif, key, *, exemple=True):
    """The picture of ``motif`` made for ``key``, and its alternative text."""
    alt = typeset(read("dessins")[motif])
    return _stored(typeset(f"Dessin : {motif} ({key})"), f"{motif}-{key}", description=alt, exemple=exemple), alt


def logo_of(key, organisation):
    """The logo of an example, and its alternative text."""
    alt = typeset(f"Logo de {organisation}")
    return _stored(typeset(f"Logo : {organisation}"), f"logo-{key}", description=alt, exemple=True), alt


def _stored(title, name, *, description, exemple):
    found = Illustration.objects.filter(title=title, exemple=exemple).first()
    if found:
        return found
    file = ContentFile((FOLDER / f"images/{name}.webp").read_bytes(), name=f"{name}.webp")
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
