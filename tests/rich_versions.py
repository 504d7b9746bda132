"""Versions of a fiche, to count what a screen that shows them asks of the database."""

from django.core.files.base import ContentFile
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Comment, CommentReply

from fiches.models import FicheCritere, FicheFinanceur, FicheMotCle, FichePage
from tests.factories import CritereFactory, EditionFactory, MotCleFactory, PartenaireFactory


def write_versions(fiche, numbers, by):
    """A version by ``by`` for each number, with a criterion and a keyword more, and a remark with its reply."""
    page = latest(fiche)
    for number in numbers:
        page.chapo = f"Version {number}."
        page.fiche_criteres.add(FicheCritere(tag=CritereFactory()))
        page.fiche_mots_cles.add(FicheMotCle(tag=MotCleFactory()))
        page.save_revision(user=by, clean=False, log_action=True)
    for _number in numbers:  # a version that is saved without its remarks deletes them
        comment = Comment.objects.create(page=fiche, user=by, text="Trop long.", contentpath="chapo")
        CommentReply.objects.create(comment=comment, user=by, text="D’accord.")


def change_all_records(fiche, numbers, by, picture):
    """A version in which all that names a record names another one, and a picture, a gallery and a funder for each number."""
    page = latest(fiche)
    page.partenaire, page.edition = PartenaireFactory(), EditionFactory(annee=1950)
    page.commune_id = ("25056", "39198")[page.commune_id == "25056"]
    for _number in numbers:
        page.financements.add(FicheFinanceur(partenaire=PartenaireFactory()))
    [page.photo, page.logo, *pictures] = copies(picture, 2 + 2 * len(numbers))
    document = get_document_model().objects.create(title="Comptes", file=ContentFile(b"x", "comptes.txt"))
    shown = [{"image": {"image": each.pk, "alt_text": "x", "decorative": False}, "legende": ""} for each in pictures]
    page.corps = [
        *page.corps.raw_data,
        *({"type": "image", "value": each} for each in shown[::2]),
        {"type": "galerie", "value": {"images": shown[1::2]}},
        {"type": "document", "value": {"document": document.pk, "titre": ""}},
    ]
    page.save_revision(user=by, clean=False, log_action=True)


def latest(fiche):
    return FichePage.objects.get(pk=fiche.pk).latest_revision.as_object()


def copies(picture, number):
    size = {"file": picture.file.name, "width": picture.width, "height": picture.height}
    return [get_image_model().objects.create(title=f"Image {each}", **size) for each in range(number)]
