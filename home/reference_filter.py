"""Filtering and sorting of the bibliography by query string."""

from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fiches.query.parsers import is_ignored, shown
from fiches.territoire.gazetteer import fold
from home.models.reference import Reference

MAX_LENGTH = 100


class Tri(models.TextChoices):
    AUTEUR = "auteur", gettext_lazy("author")
    RECENT = "recent", gettext_lazy("year, the newest first")
    ANCIEN = "ancien", gettext_lazy("year, the oldest first")
    TITRE = "titre", gettext_lazy("title")


@dataclass
class BibliographieFilter:
    """Parsed filters. ``errors``: ``{parameter: message}``; a parameter that can't be read is ignored."""

    types: list = field(default_factory=list)
    annee: int | None = None
    auteur: str = ""
    tri: Tri = Tri.AUTEUR
    errors: dict = field(default_factory=dict)

    @classmethod
    def parse(cls, query: QueryDict) -> "BibliographieFilter":
        """Parses a QueryDict with ``type`` (repeatable), ``annee``, ``auteur`` and ``tri``."""
        self = cls()
        for name in query:
            reader = READERS.get(name)
            if reader:
                try:
                    reader(self, [value.strip() for value in query.getlist(name) if value.strip()])
                except ValueError as error:
                    self.errors[name] = str(error)
            elif not is_ignored(name):
                self.errors[shown(name)] = _("There is no such filter.")
        return self

    @property
    def is_active(self) -> bool:
        return bool(self.types or self.annee or self.auteur)

    def read_types(self, values: list[str]) -> None:
        known = [value for value in values if value in Reference.Type.values]
        self.types = list(dict.fromkeys(known))
        for value in values:
            if value not in known:
                raise ValueError(_("“%(text)s” is no type of reference.") % {"text": shown(value)})

    def read_year(self, values: list[str]) -> None:
        for text in values[:1]:
            if not (text.isascii() and text.isdecimal() and len(text) == 4):
                raise ValueError(_("“%(text)s” is not a year.") % {"text": shown(text)})
            self.annee = int(text)

    def read_author(self, values: list[str]) -> None:
        self.auteur = shown(values[0])[:MAX_LENGTH] if values else ""

    def read_order(self, values: list[str]) -> None:
        for text in values[:1]:
            if text not in Tri.values:
                raise ValueError(_("“%(text)s” is no order.") % {"text": shown(text)})
            self.tri = Tri(text)

    def apply(self, references: list[Reference] | models.QuerySet) -> list[Reference]:
        """Returns the matching ``references``, sorted."""
        author = fold(self.auteur)
        matches = [
            each
            for each in references
            if (not self.types or each.type in self.types)
            and (self.annee is None or each.annee == self.annee)
            and (not author or author in fold(each.auteurs))
        ]
        return sorted(matches, key=ORDERS[self.tri])

    def querystring(self) -> str:
        """The canonical query string; ``""`` without filters."""
        query = QueryDict(mutable=True)
        query.setlist("type", self.types)
        for name, value in (("annee", self.annee), ("auteur", self.auteur)):
            if value:
                query[name] = str(value)
        if self.tri != Tri.AUTEUR:
            query["tri"] = self.tri
        return query.urlencode()


READERS = {
    "type": BibliographieFilter.read_types,
    "annee": BibliographieFilter.read_year,
    "auteur": BibliographieFilter.read_author,
    "tri": BibliographieFilter.read_order,
}
# Sorts references without a year last.
NO_YEAR = 9999


def by_author(reference: Reference) -> tuple[str, int, str]:
    return (fold(reference.auteurs) or fold(reference.titre), reference.annee or NO_YEAR, fold(reference.titre))


ORDERS = {
    Tri.AUTEUR: by_author,
    Tri.RECENT: lambda each: (-(each.annee or 0), *by_author(each)),
    Tri.ANCIEN: lambda each: (each.annee or NO_YEAR, *by_author(each)),
    Tri.TITRE: lambda each: (fold(each.titre), *by_author(each)),
}


def bibliography_context(query: QueryDict) -> Any:
    """Returns the page's context: the matching ``references``, the filter (``demande``), and the choices of each filter. One
    query."""
    demande, references = BibliographieFilter.parse(query), list(Reference.objects.all())
    present = {each.type for each in references}
    return {
        "references": demande.apply(references),
        "demande": demande,
        "total": len(references),
        "types": [choice for choice in Reference.Type if choice in present],
        "annees": sorted({each.annee for each in references if each.annee}, reverse=True),
        "tris": Tri.choices,
    }
