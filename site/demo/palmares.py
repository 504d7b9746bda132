"""Loads the example palmarès, one in each state."""

import datetime

from django.utils import timezone

from demo.content import read
from demo.pages import page_of, slug_of
from demo.records import make_example_edition
from demo.typography import typeset
from fiches.palmares.models import (
    Categorie,
    CritereDeNotation,
    Decision,
    EtatDuPalmares,
    Evaluation,
    Jure,
    Nomination,
    Palmares,
    Prix,
)
from fiches.palmares.transitions import release

DAYS_OF_EMBARGO = 21
HOUR = datetime.time(18)


def load_palmares(users, *, today):
    """Creates the palmarès: a public one, one under embargo, one that the account ``jury`` scores, one in preparation."""
    content = read("palmares")
    for entry in content["editions"]:
        _make(make_example_edition(today.year + entry["decalage"]), entry, content, users, today)


def _make(edition, entry, content, users, today):
    palmares = Palmares.objects.create(
        edition=edition,
        introduction=typeset(entry["introduction"]),
        note_maximale=content["note_maximale"],
        echelle=typeset(content["echelle"]),
        exemple=True,
        **_state(entry["etat"], today, years=entry["decalage"]),
    )
    criteria = [
        CritereDeNotation.objects.create(
            palmares=palmares,
            nom=typeset(each["nom"]),
            definition=typeset(each["definition"]),
            poids=each["poids"],
            sort_order=rank,
        )
        for rank, each in enumerate(content["criteres"])
    ]
    jury = [_juror(palmares, each) for each in content["jury"]]
    if entry["etat"] == "notation":
        Jure.objects.create(palmares=palmares, compte=users["jury"], nom="Jeanne Jury", fonction="jurée d’essai")
    nominated = [_category(palmares, rank, each, users) for rank, each in enumerate(entry["categories"])]
    if palmares.etat != EtatDuPalmares.PREPARATION:
        _score([each for members in nominated for each in members], jury, criteria, palmares)
    if palmares.est_publie:
        release(palmares)


def _state(name, today, *, years):
    """Fields of a palmarès in the state ``name``: ``publie``, ``embargo``, ``notation`` or ``preparation``. The prizes of an
    edition of some ``years`` ago were given in that year."""
    if name == "preparation":
        return {"etat": EtatDuPalmares.PREPARATION}
    if name == "publie":
        today += datetime.timedelta(days=365 * years)
    opened = timezone.make_aware(datetime.datetime.combine(today - datetime.timedelta(days=60), HOUR))
    if name == "notation":
        return {"etat": EtatDuPalmares.NOTATION}
    closed = opened + datetime.timedelta(days=30)
    days = DAYS_OF_EMBARGO if name == "embargo" else -DAYS_OF_EMBARGO
    embargo = timezone.make_aware(datetime.datetime.combine(today + datetime.timedelta(days=days), HOUR))
    return {"etat": EtatDuPalmares.CLOSE, "clos_le": closed, "embargo": embargo}


def _juror(palmares, entry):
    agreed = timezone.now() if entry.get("accord") else None
    return Jure.objects.create(palmares=palmares, nom=entry["nom"], fonction=entry["fonction"], accord_le=agreed)


def _category(palmares, rank, entry, users):
    category = Categorie.objects.create(
        palmares=palmares,
        nom=typeset(entry["nom"]),
        slug=slug_of(entry["nom"]),
        description=typeset(entry["description"]),
        sort_order=rank,
    )
    members = {
        key: Nomination.objects.create(categorie=category, fiche=page_of(f"fiche-{key}"), sort_order=order)
        for order, key in enumerate(entry["nominations"])
    }
    if "prix" in entry:
        _decide(category, entry, members, users["moderation"])
    return list(members.values())


def _decide(category, entry, members, by):
    decision = Decision.objects.create(
        categorie=category,
        motifs=typeset(entry["motifs"]),
        par=by,
        par_nom=by.get_full_name(),
        le=category.palmares.clos_le,
    )
    for each in entry["prix"]:
        Prix.objects.create(
            decision=decision, nomination=members[each["fiche"]], rang=each["rang"], citation=typeset(each["citation"])
        )


def _score(nominations, jury, criteria, palmares):
    """Creates scores that differ from one juror to the next. While scoring is open, the last juror has scored one fiche only."""
    for place, juror in enumerate(jury):
        late = palmares.etat == EtatDuPalmares.NOTATION and place == len(jury) - 1
        for rank, nomination in enumerate(nominations[:1] if late else nominations):
            notes = {criterion.pk: 5 - (rank + number * place) % 3 for number, criterion in enumerate(criteria)}
            Evaluation.objects.create(jure=juror, nomination=nomination, notes=notes)
