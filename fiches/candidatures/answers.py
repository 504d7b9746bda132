"""Saves the answers of a dossier, except those that another tab or person changed since the page was shown; fills in the empty ones from
a SIRET."""

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from fiches.candidatures import consentements
from fiches.candidatures.dossier_transitions import locked, require_open
from fiches.candidatures.forms import MAX_ANSWER_LENGTH, STEP_FORMS, Organisation, label_of_answer
from fiches.candidatures.models import Modification
from fiches.forms import throttle
from fiches.forms.company_directory import directory_url, find_establishment
from fiches.http import ServiceError
from fiches.models import Commune

if TYPE_CHECKING:
    from fiches.candidatures.models import Dossier

# The columns of a dossier that change with its answers.
SAVED = ("reponses", "revision", "organisation", "titre", "siret", "code_insee", "modifie")


def open_fields(dossier: "Dossier") -> frozenset[str]:
    """Returns the answers and kinds of files that the applicant may change: all in a draft, then only those to correct."""
    if not dossier.est_modifiable:
        return frozenset()
    every = frozenset(name for etape in STEP_FORMS for name in etape.base_fields) | {"photo", "logo", "document"}
    to_correct = {item["champ"] for item in dossier.a_corriger}
    if dossier.soumis is None or "" in to_correct:
        return every
    if "photo" in to_correct:
        to_correct |= {"photo_alt", "photo_decorative", "photo_credit"}
    return frozenset(to_correct | ({"logo_alt"} if "logo" in to_correct else set()))


@transaction.atomic
def save_answers(
    *, dossier: "Dossier", typed: dict[str, Any], seen: int, whole: bool = False
) -> tuple[dict[str, Any], bool]:
    """Saves the answers of a page that differ from the stored ones, but for those that somebody else, or another tab, changed since the
    page was shown.

    :param typed: ``{field: answer}``; fields that the applicant may not change are ignored.
    :param seen: the revision of the dossier that the page showed.
    :param whole: saves nothing if the page shows an older answer: it goes on showing it.
    :returns: ``{field: typed answer}`` of those that were changed here too, and whether the page shows an older answer.
    :raises WrongStateError: the applicant can't change the dossier in its present state.
    """
    current = require_open(locked(dossier))
    allowed = open_fields(current)
    later = current.modifications.filter(revision__gt=seen, champ__in=typed).order_by("-revision", "-pk")
    shown = {change.champ: change.avant for change in later}
    changes, conflicts, is_older = {}, {}, False
    for champ, value in typed.items():
        if champ not in allowed or len(value_text(value)) > MAX_ANSWER_LENGTH:
            continue
        if same_answer(value, current.reponses.get(champ)):
            continue
        if champ not in shown:
            changes[champ] = value
            continue
        is_older = True
        if not same_answer(value, shown[champ]):
            conflicts[champ] = value
    if changes and not (whole and is_older):
        _write(current, changes)
    for name in SAVED:
        setattr(dossier, name, getattr(current, name))
    return conflicts, is_older


def value_text(value: bool | list[str] | str) -> str:
    return "".join(value) if isinstance(value, list) else str(value)


def same_answer(one: bool | list[str] | str | None, other: bool | list[str] | str | None) -> bool:
    """Compares two answers. None, an empty text and an unticked box are equal; the order of a list is ignored."""
    if isinstance(one, list) and isinstance(other, list):
        return sorted(one) == sorted(other)
    return (one or "") == (other or "")


def _write(dossier: "Dossier", changes: dict[str, Any]) -> None:
    dossier.revision += 1
    answers = dossier.reponses
    Modification.objects.bulk_create(
        Modification(
            dossier=dossier, revision=dossier.revision, champ=champ, avant=answers.get(champ), apres=changes[champ]
        )
        for champ in changes
    )
    dossier.reponses = {**answers, **changes}
    update_summary(dossier)
    dossier.save(update_fields=SAVED)
    _record_consents(dossier, changes)


def _record_consents(dossier: "Dossier", changes: dict[str, Any]) -> None:
    prefix = consentements.PREFIX
    choices = {champ.removeprefix(prefix): value for champ, value in changes.items() if champ.startswith(prefix)}
    consentements.record_consents(dossier=dossier, choices=choices)


def update_summary(dossier: "Dossier") -> None:
    """Copies to the dossier's columns the answers that the staff's list shows and searches."""
    from fiches.candidatures.forms import Organisation, bound_form

    form = bound_form(dossier, Organisation, sending=False)
    form.is_valid()
    commune = form.cleaned_data.get("commune")
    dossier.organisation = str(dossier.reponses.get("organisation") or "")[:200]
    dossier.titre = str(dossier.reponses.get("titre") or "")[:255]
    dossier.siret = form.cleaned_data.get("siret") or ""
    dossier.code_insee = commune.code_insee if commune else ""
    dossier.modifie = timezone.now()


# Requests to other services that one client may cause.
LOOKUPS_PER_HOUR = 60


def fill_from_siret(*, dossier: "Dossier", request: HttpRequest) -> tuple[dict[str, str], str]:
    """Looks the SIRET up in the directory of companies, within the limit of requests an hour; returns
    ``({field: text} of the empty answers about the organisation, what to show)``."""
    if throttle.count(request, "aides") > LOOKUPS_PER_HOUR:
        return {}, _("Many questions come from your network: fill in by hand, or come back in an hour.")
    if not directory_url():
        return {}, _("The directory of companies is not turned on here: fill in by hand.")
    if not dossier.siret:
        return {}, _("Type the 14 digits of the SIRET first.")
    try:
        establishment = find_establishment(dossier.siret)
    except ServiceError:
        return {}, _("The directory of companies does not answer. Fill in by hand, or try again later.")
    if establishment is None:
        return {}, _("The directory knows no establishment of this number. Check it, or fill in by hand.")
    commune = Commune.objects.filter(pk=establishment.code_insee).first()
    values = establishment._asdict() | {"commune": str(commune or "")}
    empty = [champ for champ in Organisation.base_fields if not dossier.reponses.get(champ)]
    answers = {champ: values[champ] for champ in empty if values.get(champ)}
    if not answers:
        return {}, _("Found in the directory: %(name)s. Nothing was empty.") % {"name": establishment.organisation}
    message = _("Found in the directory: %(name)s. Filled in, to be read over: %(fields)s.")
    names = {"name": establishment.organisation, "fields": ", ".join(map(label_of_answer, answers))}
    return answers, message % names
