"""Creates the demonstration's images and documents from ``contenu/images/`` and ``contenu/documents/``."""

from django.core.files.base import ContentFile
from wagtail.documents import get_document_model

from demo.content import FOLDER, read
from demo.typography import typeset
from home.models import Illustration
from home.models.illustration import Licence

EXAMPLE_TAG = "exemple"
CREDIT = "Dessin du projet Rally’nov"


def picture_for(motif, key, *, exemple=True):
    """Returns ``(image, alternative text)`` of the drawing ``motif`` for the page ``key``."""
    alt = typeset(read("dessins")[motif])
    return _stored(
        typeset(f"Dessin : {motif} ({key})"), f"{motif}-{key}", description=alt, exemple=exemple, licence=Licence.CC_BY
    ), alt


def logo_of(key, organisation):
    """Returns ``(image, alternative text)`` of an example's logo."""
    alt = typeset(f"Logo de {organisation}")
    return _stored(typeset(f"Logo : {organisation}"), f"logo-{key}", description=alt, exemple=True), alt


def _stored(title, name, *, description, exemple, licence=""):
    existing = Illustration.objects.filter(title=title, exemple=exemple).first()
    if existing:
        return existing
    file = ContentFile((FOLDER / f"images/{name}.webp").read_bytes(), name=f"{name}.webp")
    return Illustration.objects.create(
        title=title, file=file, description=description, credit=CREDIT, licence=licence, exemple=exemple
    )


def document_of(name, title):
    """Returns the document ``name`` of ``contenu/documents/``, tagged as an example."""
    model = get_document_model()
    title = typeset(title)
    existing = model.objects.filter(title=title, tags__name=EXAMPLE_TAG).first()
    if existing:
        return existing
    path = next((FOLDER / "documents").glob(f"{name}.*"))
    file = ContentFile(path.read_bytes(), name=path.name)
    document = model.objects.create(title=title, file=file)
    document.tags.add(EXAMPLE_TAG)
    return document
