"""Removes the examples."""

from typing import NamedTuple

from django.db import transaction
from wagtail.documents import get_document_model
from wagtail.models import ReferenceIndex

from demo.pictures import EXAMPLE_TAG
from etapes.carnets.models import CarnetPage
from etapes.models import EtapePage
from fiches.candidatures.demo import delete_demo_dossiers
from fiches.models import Edition, FichePage, MotCle, Partenaire
from fiches.palmares.models import Palmares
from home.models import Illustration


class Removed(NamedTuple):
    """Result of :func:`remove_examples`. ``kept``: names of the records that real content uses."""

    pages: int
    records: int
    kept: list


@transaction.atomic
def remove_examples():
    """Deletes everything marked as an example, except records that real content uses.

    :returns: :class:`Removed`.
    """
    delete_demo_dossiers()
    Palmares.objects.filter(exemple=True).delete()
    pages = sum(_delete_pages(model.objects.filter(exemple=True)) for model in (EtapePage, FichePage, CarnetPage))
    kept, records = [], 0
    for queryset in (
        Partenaire.objects.filter(exemple=True),
        Illustration.objects.filter(exemple=True),
        get_document_model().objects.filter(tags__name=EXAMPLE_TAG),
    ):
        for record in queryset:
            if _delete_unused(record):
                records += 1
            else:
                kept.append(str(record))
    _delete_empty()
    return Removed(pages, records, kept)


def _delete_pages(pages):
    number = pages.count()
    pages.delete()
    return number


def _delete_unused(record):
    if ReferenceIndex.get_references_to(record).exists():
        return False
    record.delete()
    return True


def _delete_empty():
    """Deletes the example editions and the keywords that are not used any more."""
    Edition.objects.filter(nom__endswith="(exemple)", fiches=None, etapes=None, palmares=None).delete()
    MotCle.objects.filter(fiche_mots_cles=None).delete()
