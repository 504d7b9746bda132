"""The entries in memory, for as long as they are the truth: what words, groups and completion are asked of."""

from functools import cached_property

from django.utils import timezone

from fiches.recherche.ensembles import KeptSets, bits, members
from fiches.recherche.instantane import instantane
from fiches.recherche.reperes import Reperes
from search.models import Entree, Genre

COLUMNS = ("pk", "genre", "objet", "titre", "repere", "expire_le")


class Entrees(Reperes):
    """A slot is an entry, the newest first; a set of entries is an integer, as in ``fiches.recherche.instantane``."""

    def __init__(self, fiches):
        self.jeton = fiches.jeton
        self.ensembles_de_mots = KeptSets(self)
        self.synonymes = fiches.synonymes
        self.lignes = list(Entree.objects.order_by("-date", "-pk").values_list(*COLUMNS, named=True))
        self.pks = [ligne.pk for ligne in self.lignes]
        self.slot_de = {ligne.pk: slot for slot, ligne in enumerate(self.lignes)}
        self.reperes = [ligne.repere for ligne in self.lignes]

    def ensemble(self, pks):
        return members(pks, self.slot_de)

    def visibles(self, now=None):
        now = now or timezone.now()
        here = (slot for slot, ligne in enumerate(self.lignes) if not ligne.expire_le or ligne.expire_le > now)
        return bits(here, len(self.lignes))

    @cached_property
    def genres(self):
        """``{genre: set}``."""
        return {
            genre: bits((slot for slot, ligne in enumerate(self.lignes) if ligne.genre == genre), len(self.lignes))
            for genre in Genre
        }


_kept: Entrees | None = None


def entrees():
    """The entries, as of now. One query when nothing changed."""
    global _kept
    fiches = instantane()
    kept = _kept
    if kept is None or kept.jeton != fiches.jeton:
        kept = _kept = Entrees(fiches)
    return kept
