"""Stores the applicants' files, cleaned and private, makes Wagtail images from them, public once their fiche is, and deletes them."""

import logging
import mimetypes
import uuid
from datetime import timedelta
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Model, Q
from django.db.models.fields.files import FieldFile
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django_tasks import default_task_backend, task
from wagtail.images import get_image_model
from wagtail.models import Collection, CollectionViewRestriction, ReferenceIndex

from fiches.candidatures.dossier_transitions import locked, record_event, require_open
from fiches.candidatures.enums import RoleDePiece
from fiches.candidatures.models import Modification, PieceJointe, Signalement
from fiches.candidatures.models.piece import private_storage
from fiches.candidatures.text_cleaning import clean_answer_text
from fiches.content_language import in_default_language
from fiches.media import documents, images
from fiches.media.documents import check_document
from fiches.media.images import sanitise_image
from fiches.models import FichePage

if TYPE_CHECKING:
    from fiches.candidatures.models import Dossier

MAX_DOCUMENTS = 6
PRIVATE_COLLECTION = "Candidatures (privé)"


def max_bytes(role: str) -> int:
    """Returns the maximum size of a file, in bytes."""
    return (documents if role == RoleDePiece.DOCUMENT else images).max_bytes()


def attach(*, dossier: "Dossier", role: str, file: UploadedFile) -> PieceJointe:
    """Cleans and stores an applicant's file, and returns its ``PieceJointe``.

    A photo or a logo replaces the former one. A file that is there already is not stored again.

    :param file: an ``UploadedFile``.
    :raises ValidationError: the file is refused; the message is for the applicant.
    :raises WrongStateError: the applicant can't change the dossier in its present state.
    """
    clean = sanitise_image(file) if role != RoleDePiece.DOCUMENT else check_document(file)
    extension = PurePosixPath(clean.name).suffix.lower().removeprefix(".")
    nom = clean_answer_text(file.name or clean.name)[-150:]
    clean.seek(0)
    content = clean.read()
    with transaction.atomic():
        current = require_open(locked(dossier))
        for piece in current.pieces.filter(role=role, nom=nom, taille=len(content)):
            if content_of(piece.fichier) == content:
                return piece
        if role == RoleDePiece.DOCUMENT and current.pieces.filter(role=role).count() >= MAX_DOCUMENTS:
            raise ValidationError(_("%(max)s documents at most.") % {"max": MAX_DOCUMENTS})
        if role != RoleDePiece.DOCUMENT:
            for before in current.pieces.filter(role=role):
                remove(before)
        piece = PieceJointe(
            dossier=current,
            role=role,
            nom=nom,
            extension=extension,
            type_mime=mimetypes.types_map.get(f".{extension}", "application/octet-stream"),
            taille=len(content),
        )
        piece.fichier.save(clean.name, ContentFile(content), save=True)
    return piece


def content_of(stored: FieldFile) -> bytes | None:
    """Returns the bytes of a private file; None if it was deleted."""
    try:
        with stored.open("rb") as file:
            return file.read()
    except FileNotFoundError:
        return None


def detach(*, dossier: "Dossier", cle: UUID) -> None:
    """Deletes an applicant's file. Does nothing if it is already deleted.

    :raises WrongStateError: the applicant can't change the dossier in its present state.
    """
    with transaction.atomic():
        current = require_open(locked(dossier))
        for piece in current.pieces.filter(cle=cle):
            remove(piece)
            Modification.objects.create(
                dossier=current, revision=current.revision, champ=piece.role, avant=piece.nom, apres=""
            )
            _record_deletion(current, piece.nom)


@in_default_language
def _record_deletion(dossier: "Dossier", nom: str) -> None:
    record_event(dossier, gettext_noop("File taken out: %(name)s"), name=nom)


def delete_illustrations(dossier: "Dossier") -> None:
    """Deletes the Wagtail images made from a dossier's files, with their renditions, from every page; the files stay."""
    for piece in dossier.pieces.exclude(illustration=None).select_related("illustration"):
        piece.illustration.delete()


def remove(piece: PieceJointe) -> None:
    """Deletes a ``PieceJointe``, its file after the commit, and its Wagtail image unless it is used."""
    name, illustration = piece.fichier.name, piece.illustration
    piece.delete()
    if illustration and not _is_used(illustration):
        illustration.delete()
    delete_after_commit(name)


def _is_used(image: Any) -> bool:
    """Whether an image is on a fiche or, once out of the private collection, on any page."""
    if FichePage.objects.filter(Q(photo=image) | Q(logo=image)).exists():
        return True
    return image.collection.name != PRIVATE_COLLECTION and ReferenceIndex.get_references_to(image).exists()


def private_collection() -> Model:
    """Returns the restricted collection of the images whose fiche is not published, so that no API shows them."""
    collection = Collection.objects.filter(name=PRIVATE_COLLECTION).first()
    if collection is None:
        collection = Collection.get_first_root_node().add_child(name=PRIVATE_COLLECTION)
        CollectionViewRestriction.objects.create(
            collection=collection, restriction_type=CollectionViewRestriction.LOGIN
        )
    return collection


def illustration_of(piece: Any, *, titre: str, credit: Any = "") -> Any:
    """Returns the Wagtail image made from a file; creates it in the private collection, under a random name."""
    if piece.illustration_id is None:
        image = get_image_model()(title=titre[:255], collection=private_collection())
        with piece.fichier.open("rb") as file:
            image.file = ContentFile(file.read(), name=f"{uuid.uuid4().hex}.{piece.extension}")
        image.file_size = piece.taille
        if hasattr(image, "credit"):
            image.credit = credit
        if hasattr(image, "exemple"):
            image.exemple = piece.dossier.exemple
        image.save()
        piece.illustration = image
        piece.save(update_fields=["illustration"])
    elif credit and getattr(piece.illustration, "credit", credit) != credit:
        piece.illustration.credit = credit
        piece.illustration.save(update_fields=["credit"])
    return piece.illustration


def publish_pictures(page: FichePage) -> None:
    """Moves the pictures of a published fiche out of the private collection."""
    root = Collection.get_first_root_node()
    for image in (page.photo, page.logo):
        if image is not None and image.collection.name == PRIVATE_COLLECTION:
            image.collection = root
            image.save(update_fields=["collection"])


logger = logging.getLogger(__name__)
# Time between two tries while the storage fails.
RETRY_AFTER = timedelta(hours=1)


def delete_after_commit(name: str) -> None:
    """Deletes a file once the transaction is committed. While the storage fails, a task tries again every hour."""
    transaction.on_commit(lambda: _delete(name), robust=True)


def delete_photo(sender: type, instance: Signalement, **kwargs: Any) -> None:
    """Deletes the photo of a deleted tip. A receiver of ``post_delete``."""
    if instance.photo:
        delete_after_commit(instance.photo.name or "")


def _delete(name: str) -> None:
    try:
        private_storage().delete(name)
    except OSError:
        logger.exception("file_not_deleted")
        if default_task_backend.supports_defer:
            delete_again.using(run_after=timezone.now() + RETRY_AFTER).enqueue(name)


@task()
def delete_again(name: str) -> None:
    """Task: deletes a file that the storage could not delete before."""
    _delete(name)
