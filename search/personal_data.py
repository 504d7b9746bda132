"""The search keeps copies of what pages and documents say, and of the records that they show."""

from fiches.personal_data import derived
from fiches.personal_data.registry import AFTER
from search.indexation import OF_PAGES, index_pages
from search.models import Entree


def index_again(person):
    """The pages beside the fiches are few: all of them are read again, and the documents that they offer with them."""
    index_pages(Entree.objects.filter(genre__in=OF_PAGES).values_list("objet", flat=True))


AFTER.append(index_again)

derived("search.Entree", "titre", "repere", "texte", "mots")
