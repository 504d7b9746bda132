"""Every visible fiche of one language in memory, as columns and as sets of bits: facets, order and places cost no query and no scan.

A fiche is a slot; slot 0 is the newest publication. A set of fiches is an integer whose bit *n* is slot *n*, so that
"these criteria AND that département" is ``&``, and a facet's count is ``(a & b).bit_count()``: microseconds at fifty
thousand fiches. One process keeps one snapshot and asks the database, in one query, whether it is still the truth.
"""

from array import array
from bisect import bisect_right
from collections import defaultdict
from functools import cached_property
from math import floor
from threading import Lock
from typing import NamedTuple

from django.db.models import F, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils import timezone
from wagtail.models import Page

from fiches import langues
from fiches.enums import TRANCHES, Sphere, Statut
from fiches.models import (
    DEPARTEMENTS,
    Critere,
    Dimension,
    Ligne,
    MotCle,
    Partenaire,
    Synonyme,
)
from fiches.publications.version import current
from fiches.recherche.ensembles import KeptSets, bits, members, slots
from fiches.recherche.reperes import Reperes
from fiches.recherche.texte import STOPWORDS, stem, stems, words
from fiches.territoire import fold

FACETTES = ("departement", "sphere", "statut", "effectif", "edition", "mot-cle", "partenaire")
"""The parameters that are facets, beside the dimensions of the grid."""

_COLUMNS = """
pk repere titre organisation latitude longitude par_commune departement sphere statut tranche edition
partenaire criteres mots_cles commune expire_le
"""
COLUMNS = _COLUMNS.split()

CASE = 0.05


class Facette(NamedTuple):
    """The values of one parameter: their words in the order of display, and the fiches that have each."""

    libelles: dict[str, str]
    ensembles: dict[str, int]


def case_of(latitude, longitude):
    """The square where a place is."""
    return floor(latitude / CASE), floor(longitude / CASE)


class Instantane(Reperes):
    def __init__(self, jeton, langue):
        self.jeton = jeton
        self.langue = langue
        self.ensembles_de_mots = KeptSets(self)
        lignes = Ligne.objects.order_by(F("publie_le").desc(nulls_last=True), "-pk")
        if langues.several():
            lignes = lignes.filter(pk__in=Page.objects.filter(locale=langues.locale_of(langue)).order_by().values("pk"))
        rows = list(lignes.values_list(*COLUMNS))
        self.taille = len(rows)
        columns = dict(zip(COLUMNS, zip(*rows, strict=True), strict=True)) if rows else dict.fromkeys(COLUMNS, ())
        self.pks = array("q", columns["pk"])
        self.slot_de = {pk: slot for slot, pk in enumerate(self.pks)}
        self.reperes, self.titres, self.organisations = columns["repere"], columns["titre"], columns["organisation"]
        self.latitudes, self.longitudes = columns["latitude"], columns["longitude"]
        self.par_commune, self.communes = columns["par_commune"], columns["commune"]
        self.tous = (1 << self.taille) - 1
        self.situes = self.bits(slot for slot, latitude in enumerate(self.latitudes) if latitude is not None)
        self.expirations = sorted((at, slot) for slot, at in enumerate(columns["expire_le"]) if at)
        self.facettes = self._facettes(columns)
        self.synonymes = self._synonymes()
        self._racines = {}

    def bits(self, slots):
        return bits(slots, self.taille)

    def visibles(self, now=None):
        """The fiches that have not expired."""
        now = now or timezone.now()
        gone = [slot for at, slot in self.expirations[: bisect_right(self.expirations, (now, self.taille))]]
        return self.tous & ~self.bits(gone) if gone else self.tous

    def ensemble(self, pks):
        """The set of the fiches with these keys; keys of no visible fiche are left out."""
        return members(pks, self.slot_de)

    def _facettes(self, columns):
        """``{parameter: Facette}``, the dimensions of the grid first."""
        facettes = self._grille(self._by_values(columns["criteres"]))
        closed = {
            "departement": (columns["departement"], DEPARTEMENTS),
            "sphere": (columns["sphere"], dict(Sphere.choices)),
            "statut": (columns["statut"], dict(Statut.choices)),
            "effectif": (columns["tranche"], {key: key for key, _low, _high in TRANCHES}),
            "edition": self._editions(columns["edition"]),
        }
        for name, (column, labels) in closed.items():
            facettes[name] = Facette(labels, self._by_value(column))
        facettes["mot-cle"] = self._named(MotCle.objects.values_list("pk", "slug", "name"), columns["mots_cles"])
        partners = Partenaire.objects.annotate(court=Coalesce(NullIf("sigle", Value("")), "nom"))
        facettes["partenaire"] = self._named(partners.values_list("pk", "slug", "court"), columns["partenaire"])
        return facettes

    @staticmethod
    def _editions(column):
        years = sorted({str(year) for year in column if year}, reverse=True)
        return [str(year or "") for year in column], {year: year for year in years}

    def _grille(self, criteria):
        self.dimensions = dict(Dimension.objects.values_list("slug", "nom"))
        facettes = {slug: Facette({}, {}) for slug in self.dimensions}
        for key, slug, name, dimension in Critere.objects.values_list("pk", "slug", "name", "dimension__slug"):
            facettes[dimension].libelles[slug] = name
            facettes[dimension].ensembles[slug] = criteria.get(str(key), 0)
        return facettes

    def _named(self, records, column):
        """A facet over records of the database: ``(key, slug, name)``; those that no fiche has are left out."""
        by_key = self._by_values(column)
        used = [(fold(name), slug, name, by_key[str(key)]) for key, slug, name in records if str(key) in by_key]
        libelles = {slug: name for _folded, slug, name, _members in sorted(used)}
        return Facette(libelles, {slug: members for _folded, slug, _name, members in used})

    def _by_value(self, column):
        found = defaultdict(list)
        for slot, value in enumerate(column):
            if value:
                found[value].append(slot)
        return {value: self.bits(members) for value, members in found.items()}

    def _by_values(self, column):
        """The same for a column of several keys, written "3 17"."""
        found = defaultdict(list)
        for slot, keys in enumerate(column):
            for key in keys.split():
                found[key].append(slot)
        return {key: self.bits(members) for key, members in found.items()}

    def _synonymes(self):
        """``{stems: [other stems]}``, each a tuple of stems."""
        found = {}
        for group in Synonyme.objects.all():
            terms = [tuple(stems(term)) or tuple(map(stem, words(term))) for term in group.liste]
            for term in filter(None, terms):
                found.setdefault(term, []).extend(other for other in terms if other and other != term)
        return found

    def in_box(self, west, south, east, north):
        """The located fiches between these degrees."""
        places = zip(self.latitudes, self.longitudes, strict=True)
        return self.bits(
            slot
            for slot, (lat, lon) in enumerate(places)
            if lat is not None and south <= lat <= north and west <= lon <= east
        )

    def a_commune(self, codes):
        """The fiches in communes with these INSEE codes."""
        return self.bits(slot for slot, code in enumerate(self.communes) if code in codes)

    @cached_property
    def par_case(self):
        """``{(row, column): [slots]}``: the located fiches by squares of :data:`CASE` degrees."""
        found = defaultdict(list)
        for slot, (lat, lon) in enumerate(zip(self.latitudes, self.longitudes, strict=True)):
            if lat is not None:
                found[case_of(lat, lon)].append(slot)
        return found

    def racines(self, slot):
        """The stems of a title's words."""
        found = self._racines.get(slot)
        if found is None:
            title = self.reperes[slot].split(" | ")[0]
            found = self._racines[slot] = {stem(word) for word in title.split() if word not in STOPWORDS}
        return found

    @cached_property
    def fragments(self):
        """Each located fiche as a GeoJSON feature in bytes, by slot."""
        from fiches.recherche.geojson import feature

        return {slot: feature(self, slot) for slot in slots(self.situes)}

    @cached_property
    def libelles_plies(self):
        """The folded titles and organisations in one text, and where each begins: what completion reads through."""
        starts, lines, at = array("q"), [], 0
        for repere in self.reperes:
            line = f" {repere} \n"
            starts.append(at)
            lines.append(line)
            at += len(line)
        return "".join(lines), starts


_lock = Lock()
_kept: dict[str, Instantane] = {}


def instantane(langue=None):
    """The snapshot of one language's fiches (that which is being read, unless one is named), as of now: no query within
    a request that has already asked, one elsewhere when nothing changed."""
    langue = langue or langues.current()
    jeton = current().token
    kept = _kept.get(langue)
    if kept is None or kept.jeton != jeton:
        with _lock:
            kept = _kept.get(langue)
            if kept is None or kept.jeton != jeton:
                kept = _kept[langue] = Instantane(jeton, langue)
    return kept
