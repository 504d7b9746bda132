"""What the page of the palmarès shows beside its fields (jury, categories, criteria, public prizes), and the prizes that the page of
a fiche shows: found by the search."""

from collections.abc import Iterable
from typing import Any

from fiches.models import FichePage
from fiches.models.publications import kind_of
from fiches.palmares import listing
from fiches.palmares.models import Categorie, CritereDeNotation, Jure, Palmares, PalmaresPage
from fiches.publications.index_entries import Shown, each, register_shown
from fiches.publications.receivers import record_with


def shown_by_palmares(page: PalmaresPage) -> Shown:
    """Nothing of results under embargo, nor of a fiche that is not public, nor of a juror who didn't agree to be named."""
    shown = []
    for palmares in Palmares.objects.shown():
        context = listing.edition_context(page, palmares)
        shown += [str(palmares.edition.annee), palmares.edition.nom, palmares.introduction, palmares.echelle]
        shown += [text for each in context["categories"] for text in (each.nom, each.description)]
        shown += [text for each in context["criteres"] for text in (each.nom, each.definition)]
        shown += [text for jure in context["jury"] for text in (jure.nom, jure.fonction)]
        prizes = [prize for _category, prizes in context["laureats"] for prize in prizes if prize.carte]
        shown += [text for prize in prizes for text in (prize.libelle, prize.citation, prize.carte.title)]
    return Shown(texts=[text for text in shown if text])


def shown_by_fiches(fiches: list[FichePage]) -> dict[int, Shown]:
    """The public prizes of fiches; a translation has those of its original."""
    prizes = listing.public_prizes_of([fiche.pk for fiche in fiches])
    return {
        pk: Shown(unquoted=[text for prize in those for text in (str(prize), prize.citation)])
        for pk, those in prizes.items()
    }


def connect() -> None:
    """Registers what is indexed with the page and with fiches, and indexes them again when that changes. Called once, when Django
    starts."""
    register_shown(FichePage, shown_by_fiches)
    register_shown(PalmaresPage, each(shown_by_palmares))
    record_with(Categorie, CritereDeNotation, Jure, Palmares, find=_pages_of_palmares)


def _pages_of_palmares(record: Any = None) -> dict[str, Iterable[int]]:
    return {kind_of(PalmaresPage): PalmaresPage.objects.values_list("pk", flat=True)}
