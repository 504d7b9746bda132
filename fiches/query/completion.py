"""Completion of a search while it is typed: titles, organisations, themes and places that begin as the typed words."""

from itertools import chain

from django.db.models import Case, IntegerField, QuerySet, When

from fiches import content_language
from fiches.models import Commune, Publication
from fiches.publications.counts import numbers
from fiches.publications.text_analysis import read_query, words
from fiches.publications.version import memoize
from fiches.publications.words import AS_WRITTEN, Expression
from fiches.query.facets import known_facets
from fiches.query.word_search import LATEST
from fiches.territoire.gazetteer import fold
from fiches.territoire.territory import territory

MOST = 8
LOOKED_AT = 4 * MOST
# Suggestions kept for themes and places when there are many titles.
ROOM_FOR_NAMES = 3


def completions(text: str) -> list[str]:
    """At most eight texts that complete ``text``: titles or organisations of visible fiches, those that begin with it first; then
    themes and places. Two queries: the rows, and whether the known names are still true."""
    return suggestions(text, Publication.objects.visible().fiches_here())


def suggestions(text: str, visible: QuerySet) -> list[str]:
    """Like :func:`completions`, among ``visible`` (rows of Publication); fiches come first."""
    typed = words(read_query(text).text)
    if len("".join(typed)) < 2:
        return []
    fiches_first = Case(When(kind="fiche", then=0), default=1, output_field=IntegerField())
    begun = Expression([[(word,)] for word in typed], begun=True).rows(AS_WRITTEN)
    rows = visible.filter(pk__in=begun).order_by(fiches_first, *LATEST)
    names = rows.values_list("title", "folded_title", "organisation", "folded_organisation")
    labels = [_label(typed, *each) for each in names[:LOOKED_AT]]
    labels = list(dict.fromkeys(sorted(labels, key=lambda label: not fold(label).startswith(" ".join(typed)))))
    named = [name for name, folded in _known_names() if all(f" {word}" in f" {folded}" for word in typed)]
    return list(dict.fromkeys([*labels[: MOST - min(len(named), ROOM_FOR_NAMES)], *named]))[:MOST]


def _known_names() -> list[tuple[str, str]]:
    """``[(name, folded name)]`` of the themes, départements and communes of public fiches, these with their postcodes. Cached until
    the version changes."""
    language = content_language.active_language()
    return memoize(("suggested names", language), lambda: _read_names(language))


def _read_names(language: str) -> list[tuple[str, str]]:
    facets, used = known_facets(language), numbers(language, "departement", "commune")
    themes = [facets[name].labels.values() for name in facets if facets[name].dimension or name == "mot-cle"]
    departements = (territory().names.get(code) for code, number in used["departement"].items() if number)
    names = (*chain.from_iterable(themes), *departements)
    typed = {str(name): str(name) for name in names if name}
    communes = [code for code, number in used["commune"].items() if number]
    for place in Commune.objects.filter(pk__in=communes):
        typed[place.nom] = " ".join([place.nom, *place.codes_postaux])
    return sorted((name, " ".join(words(text))) for name, text in typed.items())


def _label(typed: list[str], title: str, folded_title: str, organisation: str, folded_organisation: str) -> str:
    """The title, or the organisation if only this one has the words."""
    in_title, in_organisation = (
        all(f" {word}" in f" {folded}" for word in typed) for folded in (folded_title, folded_organisation)
    )
    return organisation if in_organisation and not in_title else title
