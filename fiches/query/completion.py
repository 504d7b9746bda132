"""Completion of a search while it is typed: titles and organisations with words that begin as the typed ones."""

from django.db.models import Case, IntegerField, QuerySet, When

from fiches.models import Publication
from fiches.publications.text_analysis import read_query, words
from fiches.publications.words import AS_WRITTEN, Expression
from fiches.query.word_search import LATEST

MOST = 8
LOOKED_AT = 4 * MOST


def completions(text: str) -> list[str]:
    """At most eight titles or organisations of visible fiches that complete ``text``; those that begin with it come first. One
    query."""
    return suggestions(text, Publication.objects.visible().in_language().filter(kind="fiche"))


def suggestions(text: str, visible: QuerySet) -> list[str]:
    """Like :func:`completions`, among ``visible`` (rows of Publication); fiches come first."""
    typed = words(read_query(text).text)
    if len("".join(typed)) < 2:
        return []
    fiches_first = Case(When(kind="fiche", then=0), default=1, output_field=IntegerField())
    begun = Expression([[(word,)] for word in typed], begun=True).rows(AS_WRITTEN)
    rows = visible.filter(pk__in=begun).order_by(fiches_first, *LATEST)
    names = rows.values_list("kind", "title", "folded_title", "organisation", "folded_organisation")
    ranks: dict[str, tuple] = {}
    for place, (kind, *names_) in enumerate(names[:LOOKED_AT]):
        label, rank = _label(typed, *names_)
        ranks.setdefault(label, (kind != "fiche", rank, place))
    return sorted(ranks, key=lambda label: ranks[label])[:MOST]


def _label(
    typed: list[str], title: str, folded_title: str, organisation: str, folded_organisation: str
) -> tuple[str, int]:
    """``(label, rank)`` of a suggestion: the title or the organisation, whichever has the words; 0 if it begins with them."""
    begun = " ".join(typed)
    if all(f" {word}" in f" {folded_title}" for word in typed):
        return title, not folded_title.startswith(begun)
    if all(f" {word}" in f" {folded_organisation}" for word in typed):
        return organisation, not folded_organisation.startswith(begun)
    return title, 2
