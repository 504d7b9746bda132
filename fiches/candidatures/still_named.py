"""Finds the published fiches whose sentences still hold a contact detail after its consent was withdrawn. The staff correct
these sentences by hand; a mail and a line on the dashboard list the fiches."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from fiches.candidatures.consentements import latest_answer, withdrawn_purposes
from fiches.candidatures.models import Dossier
from fiches.models.champs import CHAMPS
from fiches.models.declaration import ValueKind, Visibility
from fiches.models.fiche import FichePage
from fiches.upkeep.personal_data.person import Person

if TYPE_CHECKING:
    from django.db.models import QuerySet

TEXTS = [
    champ.name
    for champ in CHAMPS
    if champ.visibility is Visibility.PUBLIC and champ.kind in {ValueKind.TEXT, ValueKind.LONG_TEXT, ValueKind.BODY}
]
# How to find each contact detail in a text.
SOUGHT: dict[str, Callable[[str], Person]] = {
    "contact_nom": lambda value: Person(names={value}),
    "contact_courriel": lambda value: Person(courriel=value),
    "contact_telephone": lambda value: Person(phones={value}),
}


def details_in_sentences(dossiers: Iterable[Dossier]) -> dict[Any, set[str]]:
    """Returns ``{key of a dossier: purposes}``: those withdrawn whose detail a sentence of the published fiche, or of its
    translations, still holds. Dossiers without any are left out. Costs the same queries for any number of dossiers.

    :param dossiers: with ``fiche`` selected and ``consentements`` prefetched, for more than one.
    """
    sought = [
        (dossier, dossier.fiche.translation_key, gone)
        for dossier in dossiers
        if dossier.fiche and (gone := withdrawn_purposes(dossier) & set(SOUGHT))
    ]
    keys = {key for _dossier, key, _gone in sought}
    pages: dict[Any, list[FichePage]] = {}
    for page in FichePage.objects.visible().filter(translation_key__in=keys) if keys else ():
        pages.setdefault(page.translation_key, []).append(page)
    held = {
        dossier.pk: {name for name in gone if _is_in_a_text(dossier, name, pages.get(key, ()))}
        for dossier, key, gone in sought
    }
    return {pk: names for pk, names in held.items() if names}


def _is_in_a_text(dossier: Dossier, name: str, pages: Iterable[FichePage]) -> bool:
    for page in pages:
        values = {getattr(page, name), dossier.reponses.get(name)} - {"", None}
        texts = [_text(page, text) for text in TEXTS]
        if any(SOUGHT[name](value).is_in(texts) for value in values):
            return True
    return False


def _text(page: FichePage, name: str) -> Any:
    value = getattr(page, name, "")
    return value.get_prep_value() if hasattr(value, "get_prep_value") else str(value or "")


def dossiers_still_named() -> "QuerySet[Dossier]":
    """Returns the dossiers whose published fiche still holds, in a sentence, a detail that their company took back."""
    withdrawals = {f"_{name}": latest_answer(name) for name in SOUGHT}
    refused = Q()
    for alias in withdrawals:
        refused |= Q(**{alias: False})
    candidates = Dossier.objects.alias(**withdrawals).filter(refused, fiche__live=True)
    details = details_in_sentences(candidates.select_related("fiche").prefetch_related("consentements"))
    return Dossier.objects.filter(pk__in=list(details))
