"""Finds the published fiches whose sentences still hold a contact detail after its consent was withdrawn. The staff correct
these sentences by hand; a mail and a line on the dashboard list the fiches."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from fiches.candidatures.consentements import fiches_of, latest_answer, withdrawn_purposes
from fiches.candidatures.models import Dossier
from fiches.models.champs import CHAMPS, label_of
from fiches.models.declaration import ValueKind, Visibility
from fiches.models.fiche import FichePage
from fiches.upkeep.personal_data.person import Person

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django_stubs_ext import StrOrPromise

TEXTS = [
    champ
    for champ in CHAMPS
    if champ.label
    and champ.visibility is Visibility.PUBLIC
    and champ.kind in {ValueKind.TEXT, ValueKind.LONG_TEXT, ValueKind.BODY}
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
    for page in FichePage.objects.visible().filter(translation_key__in=keys).select_related("photo") if keys else ():
        pages.setdefault(page.translation_key, []).append(page)
    held = {
        dossier.pk: {
            name for name in gone if any(texts_with_detail(page, name, dossier) for page in pages.get(key, ()))
        }
        for dossier, key, gone in sought
    }
    return {pk: names for pk, names in held.items() if names}


def texts_with_detail(page: FichePage, name: str, dossier: Dossier) -> "list[StrOrPromise]":
    """Returns the labels of the texts of a fiche that hold a contact detail, the credit of its photo included."""
    values = {getattr(page, name), dossier.reponses.get(name)} - {"", None}
    texts = {champ.label: _text(page, champ.name) for champ in TEXTS}
    texts[label_of("photo")] = getattr(page.photo, "credit", "")
    return [label for label, text in texts.items() if any(SOUGHT[name](value).is_in(text) for value in values)]


def places_with_detail(dossier: Dossier, name: str) -> list[SafeString]:
    """A sentence with a link to the form for each text of a fiche of the dossier that holds a contact detail."""
    message = gettext('The text “{column}” of <a href="{address}">{title}</a> names this person: correct it by hand.')
    return [
        format_html(
            message,
            column=column,
            address=reverse("wagtailadmin_pages:edit", args=[page.pk]),
            title=page.get_admin_display_title(),
        )
        for page in fiches_of(dossier)
        for column in texts_with_detail(page, name, dossier)
    ]


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
