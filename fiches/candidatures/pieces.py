"""Files that applicants send: checked, cleaned, kept under no public address; a picture goes public with its fiche only."""

import mimetypes
import uuid
from pathlib import PurePosixPath

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from wagtail.images import get_image_model
from wagtail.models import Collection, CollectionViewRestriction, ReferenceIndex

from fiches.candidatures.enums import EDITABLE, Role
from fiches.candidatures.historique import locked, note, require, tell
from fiches.candidatures.models import Modification, PieceJointe
from fiches.candidatures.texte import readable
from fiches.langues import in_default_language
from fiches.media import documents, images
from fiches.media.documents import check_document
from fiches.media.images import sanitise_image
from fiches.models import FichePage

MAX_DOCUMENTS = 6
PRIVATE_COLLECTION = "Candidatures (privé)"


def heaviest(role):
    """What a file in this part may weigh, in bytes."""
    return (documents if role == Role.DOCUMENT else images).site_limits().max_bytes


def attach(*, dossier, role, file):
    """Keeps a file of the applicant's. A photo or a logo takes the place of the one before; the same file again is one.
    What was taken off a document stands in the dossier's history, and in ``removed`` of the piece that is new.

    :raises ValidationError: with a message for the sender.
    :raises WrongStateError: the dossier is no longer the applicant's to change.
    """
    clean = sanitise_image(file) if role != Role.DOCUMENT else check_document(file)
    extension = PurePosixPath(clean.name).suffix.lower()
    nom = readable(file.name or clean.name)[-150:]
    clean.seek(0)
    content = clean.read()
    with transaction.atomic():
        current = locked(dossier)
        require(current, *EDITABLE)
        for piece in current.pieces.filter(role=role, nom=nom, taille=len(content)):
            if _content(piece) == content:
                return piece
        if role == Role.DOCUMENT and current.pieces.filter(role=role).count() >= MAX_DOCUMENTS:
            raise ValidationError(_("%(max)s documents at most.") % {"max": MAX_DOCUMENTS})
        if role != Role.DOCUMENT:
            for before in current.pieces.filter(role=role):
                remove(before)
        piece = PieceJointe(
            dossier=current,
            role=role,
            nom=nom,
            extension=extension,
            type_mime=mimetypes.types_map.get(extension, "application/octet-stream"),
            taille=len(content),
        )
        piece.fichier.save(clean.name, ContentFile(content), save=True)
        piece.removed = getattr(clean, "removed", "")
        if piece.removed:
            _note_taken_off(current, nom, piece.removed)
    return piece


def _content(piece):
    """None when the file is gone."""
    try:
        with piece.fichier.open("rb") as file:
            return file.read()
    except FileNotFoundError:
        return None


def detach(*, dossier, cle):
    """Takes a file of the applicant's out; silent when it is gone already."""
    with transaction.atomic():
        current = locked(dossier)
        require(current, *EDITABLE)
        for piece in current.pieces.filter(cle=cle):
            remove(piece)
            Modification.objects.create(
                dossier=current, revision=current.revision, champ=piece.role, avant=piece.nom, apres=""
            )
            _note_taken_out(current, piece.nom)


@in_default_language
def _note_taken_out(dossier, nom):
    tell(dossier, gettext_noop("File taken out: %(name)s"), name=nom)


@in_default_language
def _note_taken_off(dossier, nom, removed):
    tell(dossier, gettext_noop("%(name)s, kept without: %(removed)s"), name=nom, removed=removed)


@in_default_language
def take_back(dossier):
    """Deletes the site's pictures made from a dossier's files, with their renditions; the files stay with the dossier.
    One that the staff put elsewhere stays there until they take it out: they are told."""
    for piece in dossier.pieces.exclude(illustration=None).select_related("illustration__collection"):
        if _is_used(piece.illustration):
            note(dossier, _("To be taken out of other pages by hand: %(name)s") % {"name": piece.nom})
        else:
            piece.illustration.delete()


def remove(piece):
    """Deletes the row, and its file once that is certain; a published picture stays with its fiche."""
    storage, name = piece.fichier.storage, piece.fichier.name
    illustration = piece.illustration
    piece.delete()
    if illustration and not _is_used(illustration):
        illustration.delete()
    transaction.on_commit(lambda: storage.delete(name))


def _is_used(image):
    """On a fiche, or where the staff put it once it was published."""
    if FichePage.objects.filter(Q(photo=image) | Q(logo=image)).exists():
        return True
    return image.collection.name != PRIVATE_COLLECTION and ReferenceIndex.get_references_to(image).exists()


def private_collection():
    """Where pictures wait for their fiche to be published: restricted, so no API shows them."""
    collection = Collection.objects.filter(name=PRIVATE_COLLECTION).first()
    if collection is None:
        collection = Collection.get_first_root_node().add_child(name=PRIVATE_COLLECTION)
        CollectionViewRestriction.objects.create(
            collection=collection, restriction_type=CollectionViewRestriction.LOGIN
        )
    return collection


def illustration_of(piece, *, titre, credit=""):
    """The picture of the site made from a file, in the private collection, under a name that can't be guessed."""
    if piece.illustration_id is None:
        image = get_image_model()(title=titre[:255], collection=private_collection())
        with piece.fichier.open("rb") as file:
            image.file = ContentFile(file.read(), name=f"{uuid.uuid4().hex}{piece.extension}")
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


def publish_pictures(page):
    """The pictures of a published fiche leave the private collection."""
    root = Collection.get_first_root_node()
    for image in (page.photo, page.logo):
        if image is not None and image.collection.name == PRIVATE_COLLECTION:
            image.collection = root
            image.save(update_fields=["collection"])
