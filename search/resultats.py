"""What the search page shows: fiches by the query language, the rest by the same words, in groups."""

from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _
from wagtail.documents import get_document_model
from wagtail.models import Page

from fiches.recherche.extraits import highlight, snippet
from fiches.recherche.filtre import FicheFilter
from fiches.recherche.mots import Words
from search.entrees import entrees
from search.indexation import MOTS
from search.models import Entree, Genre

FICHES = 5
EACH = 5
IN_ONE = 50


@dataclass
class Hit:
    titre: str
    adresse: str
    extrait: str


@dataclass
class Groupe:
    genre: str
    libelle: str
    nombre: int
    hits: list


class Recherche:
    """The answer to ``q``; ``genre`` shows one group whole. Nothing raises: ``errors`` tells what could not be read."""

    def __init__(self, query, request):
        asked = QueryDict(mutable=True)
        asked.setlist("q", query.getlist("q"))
        self.request = request
        self.fiches = FicheFilter.parse(asked)
        self.fiches.par_page = FICHES
        self.q = self.fiches.q
        self.errors = dict(self.fiches.errors)
        self.genre = self._genre(query.get("genre", ""))
        self.words = None
        if self.q:
            snapshot = entrees()
            self.words = Words(self.q, snapshot, snapshot.visibles(self.fiches.now), index=MOTS)

    def _genre(self, text):
        if text and text not in Genre:
            self.errors["genre"] = _("There is no such group of results.")
            return ""
        return text

    @property
    def nombre(self):
        """How many things were found in all."""
        return (self.fiches.count + self.words.found.bit_count()) if self.q else 0

    @property
    def corrige(self):
        """What was understood of words that nothing has as they are typed."""
        return (self.fiches.words.corrige or self.words.corrige) if self.q else ""

    def groupes(self):
        """The groups that have hits, in the order of the page."""
        if not self.q:
            return []
        snapshot = self.words.snapshot
        wanted = [self.genre] if self.genre else list(Genre)
        shown = {}
        for slot in self.words.ranked(self.words.found, self.words.found.bit_count()):
            ligne = snapshot.lignes[slot]
            if ligne.genre in wanted:
                shown.setdefault(ligne.genre, []).append(ligne)
        most = IN_ONE if self.genre else EACH
        hits = self._hits([ligne for lignes in shown.values() for ligne in lignes[:most]])
        return [self._groupe(genre, shown[genre], hits) for genre in Genre if genre in shown]

    @staticmethod
    def _groupe(genre, lignes, hits):
        return Groupe(genre, Genre(genre).label, len(lignes), [hits[ligne.pk] for ligne in lignes if ligne.pk in hits])

    def _hits(self, lignes):
        """``{pk: Hit}``, in a constant number of queries."""
        texts = dict(Entree.objects.filter(pk__in=[ligne.pk for ligne in lignes]).values_list("pk", "texte"))
        of_pages = [ligne.objet for ligne in lignes if ligne.genre != Genre.DOCUMENT]
        of_documents = [ligne.objet for ligne in lignes if ligne.genre == Genre.DOCUMENT]
        pages = Page.objects.in_bulk(of_pages) if of_pages else {}
        documents = get_document_model().objects.in_bulk(of_documents) if of_documents else {}
        found = {}
        for ligne in lignes:
            if ligne.genre == Genre.DOCUMENT:
                address = documents[ligne.objet].url if ligne.objet in documents else ""
            else:
                address = pages[ligne.objet].get_url(self.request) if ligne.objet in pages else ""
            if address:
                stems = self.words.stems
                extract = snippet(texts.get(ligne.pk, ""), stems)
                found[ligne.pk] = Hit(highlight(ligne.titre, stems), address, extract)
        return found
