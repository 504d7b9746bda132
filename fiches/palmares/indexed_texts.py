"""What the page of the palmarès shows beside its fields (jury, categories, criteria, public prizes), and the prizes that the page of
a fiche shows: found by the search."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from fiches import content_language
from fiches.models.publications import kind_of
from fiches.palmares import listing
from fiches.palmares.models import Categorie, CritereDeNotation, Jure, Palmares, PalmaresPage
from fiches.publications import index_entries
from fiches.publications.receivers import record_with


def texts(page: PalmaresPage) -> list[str]:
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
    return [text for text in shown if text]


def prize_texts_of_fiches(pks: list[int]) -> dict[int, list[str]]:
    """``{pk: texts}`` of the public prizes of fiches; a translation has those of its original. At most three queries."""
    originals = content_language.original_keys(pks)
    texts: dict[int, list[str]] = defaultdict(list)
    for prize in listing.public_prizes_of(originals.values()):
        texts[prize.nomination.fiche_id] += [str(prize), prize.citation]
    return {pk: texts[original] for pk, original in originals.items() if original in texts}


def connect() -> None:
    """Registers what is indexed with the page and with fiches, and indexes them again when that changes. Called once, when Django
    starts."""
    index_entries.register_fiche_texts(prize_texts_of_fiches)
    index_entries.register_texts(PalmaresPage, texts)
    record_with(Categorie, CritereDeNotation, Jure, Palmares, find=_pages_of_palmares)


def _pages_of_palmares(record: Any = None) -> dict[str, Iterable[int]]:
    return {kind_of(PalmaresPage): PalmaresPage.objects.values_list("pk", flat=True)}
