"""The bibliography as it is asked for: which references, in which order. One class reads the address."""

from dataclasses import dataclass, field

from django.db import models
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fiches.query.parametres import IGNORED, shown
from fiches.territoire.gazetteer import fold
from home.models.bibliographie import Reference

MOST_LETTERS = 100


class Tri(models.TextChoices):
    AUTEUR = "auteur", gettext_lazy("author")
    RECENT = "recent", gettext_lazy("year, the newest first")
    ANCIEN = "ancien", gettext_lazy("year, the oldest first")
    TITRE = "titre", gettext_lazy("title")


@dataclass
class BibliographieFilter:
    """What the address asks for; ``errors`` says, by parameter, what can't be read: the rest applies."""

    types: list = field(default_factory=list)
    annee: int | None = None
    auteur: str = ""
    tri: str = Tri.AUTEUR
    errors: dict = field(default_factory=dict)

    @classmethod
    def parse(cls, query):
        """``query`` is a QueryDict: ``type`` (repeatable), ``annee``, ``auteur``, ``tri``."""
        found = cls()
        for name in query:
            reader = READERS.get(name)
            if reader:
                try:
                    reader(found, [value.strip() for value in query.getlist(name) if value.strip()])
                except ValueError as error:
                    found.errors[name] = str(error)
            elif not IGNORED.fullmatch(name):
                found.errors[shown(name)] = _("There is no such filter.")
        return found

    @property
    def is_active(self):
        return bool(self.types or self.annee or self.auteur)

    def read_types(self, values):
        known = [value for value in values if value in Reference.Type.values]
        self.types = list(dict.fromkeys(known))
        for value in values:
            if value not in known:
                raise ValueError(_("“%(text)s” is no type of reference.") % {"text": shown(value)})

    def read_year(self, values):
        for text in values[:1]:
            if not (text.isascii() and text.isdecimal() and len(text) == 4):
                raise ValueError(_("“%(text)s” is not a year.") % {"text": shown(text)})
            self.annee = int(text)

    def read_author(self, values):
        self.auteur = shown(values[0])[:MOST_LETTERS] if values else ""

    def read_order(self, values):
        for text in values[:1]:
            if text not in Tri.values:
                raise ValueError(_("“%(text)s” is no order.") % {"text": shown(text)})
            self.tri = text

    def chosen(self, references):
        """Those of ``references`` that are asked for, in order."""
        wanted = fold(self.auteur)
        found = [
            each
            for each in references
            if (not self.types or each.type in self.types)
            and (self.annee is None or each.annee == self.annee)
            and (not wanted or wanted in fold(each.auteurs))
        ]
        return sorted(found, key=ORDERS[self.tri])

    def querystring(self):
        """The canonical address, ``""`` when everything is asked for."""
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
NO_YEAR = 9999


def by_author(reference):
    return (fold(reference.auteurs) or fold(reference.titre), reference.annee or NO_YEAR, fold(reference.titre))


ORDERS = {
    Tri.AUTEUR: by_author,
    Tri.RECENT: lambda each: (-(each.annee or 0), *by_author(each)),
    Tri.ANCIEN: lambda each: (each.annee or NO_YEAR, *by_author(each)),
    Tri.TITRE: lambda each: (fold(each.titre), *by_author(each)),
}


def bibliography_context(query):
    """What the page shows: ``references`` asked for, ``demande`` (the filter), and what may be asked. One query."""
    demande, everything = BibliographieFilter.parse(query), list(Reference.objects.all())
    present = {each.type for each in everything}
    return {
        "references": demande.chosen(everything),
        "demande": demande,
        "total": len(everything),
        "types": [choice for choice in Reference.Type if choice in present],
        "annees": sorted({each.annee for each in everything if each.annee}, reverse=True),
        "tris": Tri.choices,
    }
