"""What the search page shows: fiches by the query language, the rest by the same words, in groups."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.utils.translation import gettext as _
from wagtail.documents import get_document_model
from wagtail.models import Page

from fiches import langues
from fiches.recherche import parametres
from fiches.recherche.extraits import highlight, snippet
from fiches.recherche.filtre import FicheFilter
from fiches.recherche.mots import Words
from fiches.vignettes import cards
from search.entrees import entrees
from search.indexation import MOTS
from search.models import Entree, Genre

FICHES = 5
EACH = 5


@dataclass
class Hit:
    titre: str
    adresse: str
    extrait: str
    langue: str = ""


@dataclass
class Groupe:
    genre: str
    libelle: str
    nombre: int
    hits: list


class Recherche:
    """The answer to a question in the query language; ``genre`` shows one group whole, page by page. Nothing raises:
    ``errors`` tells what could not be read, and the rest applies.

    Filters are those of fiches: as soon as one is in use, fiches alone can answer (``restreinte``).
    """

    def __init__(self, query, request):
        asked = query.copy()
        genres = asked.pop("genre", [""])
        self.request = request
        self.fiches = FicheFilter.parse(asked)
        self.q = self.fiches.q
        self.errors = dict(self.fiches.errors)
        self.restreinte = bool(self.fiches.ensembles.keys() - {"q"})
        self.genre = self._genre(genres[-1])
        self.page, self.par_page = self._pages()
        self.words = None
        if self.q and not self.restreinte:
            snapshot = entrees()
            self.words = Words(self.q, snapshot, snapshot.visibles(self.fiches.now), index=MOTS)

    def _genre(self, text):
        if not text:
            return ""
        if text not in Genre:
            self.errors["genre"] = _("There is no such group of results.")
        elif self.restreinte:
            self.errors["genre"] = _("These filters are those of fiches: no other group can answer them.")
        else:
            return text
        return ""

    def _pages(self):
        """What ``page`` and ``par_page`` ask of the group shown whole; of several groups at once, they ask nothing."""
        asked = self.fiches.page, self.fiches.par_page
        self.fiches.page, self.fiches.par_page = 1, FICHES
        if not self.genre:
            for name, value, usual in zip(("page", "par_page"), asked, (1, parametres.PAR_PAGE), strict=True):
                if value != usual:
                    self.errors[name] = _("Choose a group first: pages are those of one group.")
        return asked

    @property
    def est_posee(self):
        """Whether anything is asked."""
        return bool(self.q or self.restreinte)

    @property
    def nombre(self):
        """How many things were found in all."""
        others = self.words.found.bit_count() if self.words else 0
        return self.fiches.count + others if self.est_posee else 0

    @property
    def corrige(self):
        """What was understood of words that nothing has as they are typed."""
        return (self.q and self.fiches.words.corrige) or (self.words.corrige if self.words else "")

    @property
    def suite(self):
        """The question, for the list of the fiches."""
        return self.fiches.querystring(sans=("page", "par_page"))

    def vignettes(self):
        """The cards of the first fiches, unless a group is shown whole."""
        return cards(self.fiches, self.request) if self.est_posee and not self.genre else []

    def groupes(self):
        """The groups that have hits, in the order of the page."""
        if not self.words:
            return []
        shown = {}
        for slot in self.words.ranked(self.words.found, self.words.found.bit_count()):
            ligne = self.words.snapshot.lignes[slot]
            if ligne.genre == self.genre or not self.genre:
                shown.setdefault(ligne.genre, []).append(ligne)
        part = self._part(len(shown.get(self.genre, ()))) if self.genre else slice(EACH)
        hits = self._hits([ligne for lignes in shown.values() for ligne in lignes[part]])
        return [self._groupe(genre, shown[genre], hits) for genre in Genre if genre in shown]

    def _part(self, number):
        """Where the page asked for stands; a page past the end is the last one, and an error."""
        self.pages = Paginator(range(number), self.par_page)
        if self.page > self.pages.num_pages:
            self.errors["page"] = _("There is no page %(page)s: the last one is shown.") % {"page": self.page}
            self.page = self.pages.num_pages
        return slice((self.page - 1) * self.par_page, self.page * self.par_page)

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
            page = None
            if ligne.genre == Genre.DOCUMENT:
                address = documents[ligne.objet].url if ligne.objet in documents else ""
            else:
                page = pages.get(ligne.objet)
                address = page.get_url(self.request) if page else ""
            if address:
                stems = self.words.stems
                extract = snippet(texts.get(ligne.pk, ""), stems)
                found[ligne.pk] = Hit(highlight(ligne.titre, stems), address, extract, _language(page))
        return found


def _language(page):
    """That of a page, and of a document (the site's own), where it isn't the one being read."""
    found = langues.language_of(page) if page else langues.own()
    return "" if found == langues.current() else found
