"""The only writer of the search table: a row a visible fiche, its words, the words known, the version."""

from collections.abc import Collection
from typing import Any, NamedTuple

from django.db import transaction
from django.dispatch import Signal

from fiches.ecriture import write_rows
from fiches.enums import Precision, Statut, tranche
from fiches.models import FicheCritere, FicheMotCle, FichePage, Ligne
from fiches.models.territoire import DEPARTEMENTS
from fiches.publications.version import touch
from fiches.recherche import pieces, vocabulaire
from fiches.recherche.moteur import WordsIndex, tokens
from fiches.recherche.texte import clean, indexed, stem, told_apart, words

MOTS = WordsIndex("fiches_recherche_mots")
LONGEST_TEXT = 50_000
STATUTS = {statut.value: statut.label for statut in Statut}
"""`get_statut_display` compares every choice, and is asked for each fiche."""
A_BATCH = 200
reindexed = Signal()
"""Sent when the whole table was made anew: rooms that keep words of their own do the same."""


_COLUMNS = """
pk title organisation activite chapo corps departement statut sphere effectif latitude longitude precision
first_published_at last_published_at expire_at
commune_id commune__nom partenaire_id partenaire__nom partenaire__sigle edition__annee
"""
COLUMNS = _COLUMNS.split()


class Told(NamedTuple):
    """What a fiche that the public may see tells: its :data:`COLUMNS`, its criteria and keywords as ``(key, name)``, its
    body's texts, the keys of the documents that it offers."""

    fiche: Any
    criteria: list[tuple[int, str]]
    keywords: list[tuple[int, str]]
    body: list[str]
    documents: Collection[int]


def read(pks):
    """``[Told]`` of those of these fiches that the public may see; three queries. Columns, since making a page of each
    takes longer than all that is done with it."""
    fiches = FichePage.objects.filter(pk__in=pks).visible().values_list(*COLUMNS, named=True)
    criteria, keywords = _names(FicheCritere, pks), _names(FicheMotCle, pks)
    return [
        Told(
            fiche,
            criteria.get(fiche.pk, []),
            keywords.get(fiche.pk, []),
            fiche.corps.stream_block.get_searchable_content(fiche.corps),
            pieces.documents_in(fiche, FichePage),
        )
        for fiche in fiches
    ]


def _names(links, pks):
    found = {}
    rows = links.objects.filter(content_object__in=pks).order_by("pk")
    for fiche, tag, name in rows.values_list("content_object", "tag", "tag__name"):
        found.setdefault(fiche, []).append((tag, name))
    return found


def index_fiches(pks):
    """Brings the rows of these fiches in line with them: written if the public may see the fiche, else removed."""
    pks = sorted(set(pks))
    for start in range(0, len(pks), A_BATCH):
        some = pks[start : start + A_BATCH]
        with transaction.atomic(savepoint=False):
            index_read(some, read(some))


@transaction.atomic(savepoint=False)
def index_read(pks, told):
    """The same, of fiches that :func:`read` has just read."""
    before = {pk: set(words.split()) for pk, words in Ligne.objects.filter(pk__in=pks).values_list("pk", "mots")}
    rows = _rows(told)
    _drop(before.keys() - {row["fiche_id"] for row, _tokens in rows})
    _write(rows)
    vocabulaire.change(added=[row["mots"].split() for row, _tokens in rows], removed=before.values())
    touch()


def forget_fiches(pks):
    """Removes the rows of fiches that are about to be deleted."""
    with transaction.atomic(savepoint=False):
        before = {pk: set(words.split()) for pk, words in Ligne.objects.filter(pk__in=pks).values_list("pk", "mots")}
        if before:
            _drop(before.keys())
            vocabulaire.change(removed=before.values())
            touch()


def reindex():
    """Makes the whole table anew and returns how many fiches can be found. Readers see the old one until it is done."""
    with transaction.atomic(savepoint=False):
        Ligne.objects.all().delete()
        MOTS.clear()
        pks = list(FichePage.objects.visible().order_by("pk").values_list("pk", flat=True))
        word_sets = []
        for start in range(0, len(pks), A_BATCH):
            rows = _rows(read(pks[start : start + A_BATCH]))
            _write(rows)
            word_sets += [row["mots"].split() for row, _tokens in rows]
        vocabulaire.rebuild(word_sets)
        reindexed.send(sender=None)
        touch()
    return len(pks)


def _write(rows):
    write_rows(Ligne(), [row for row, _tokens in rows], replacing="fiche_id")
    MOTS.put([(row["fiche_id"], tokens) for row, tokens in rows])


def _drop(pks):
    Ligne.objects.filter(pk__in=list(pks)).delete()
    MOTS.remove(sorted(pks))


def _rows(told):
    """``[(columns of Ligne, tokens)]``."""
    offered = pieces.offered({one.fiche.pk: one.documents for one in told if one.documents})
    return [_row(one, *offered.get(one.fiche.pk, ((), ""))) for one in told]


def _row(told, documents, their_text):
    """``(columns of Ligne, tokens)``; nothing that a contact keeps to themselves is among the words."""
    fiche, criteria, keywords, body, _documents = told
    text = told_apart(body)[:LONGEST_TEXT]
    text = f"{text}\n{clean(their_text)}".strip()
    names = [
        fiche.organisation,
        fiche.activite,
        DEPARTEMENTS.get(fiche.departement, ""),
        str(STATUTS.get(fiche.statut, fiche.statut)),
    ]
    names += [fiche.commune__nom or "", *(name for _pk, name in criteria + keywords)]
    names += [fiche.partenaire__nom, fiche.partenaire__sigle] if fiche.partenaire_id else []
    parts = (fiche.title, " / ".join(names), fiche.chapo, f"{text} / {fiche.sphere}")
    tiers = [indexed(part) for part in parts]
    row = {
        "fiche_id": fiche.pk,
        "titre": fiche.title,
        "organisation": fiche.organisation,
        "repere": f"{' '.join(words(fiche.title))} | {' '.join(words(fiche.organisation))}",
        "commune": fiche.commune_id or "",
        "commune_nom": fiche.commune__nom or "",
        "departement": fiche.departement,
        "latitude": fiche.latitude,
        "longitude": fiche.longitude,
        "par_commune": fiche.precision == Precision.COMMUNE,
        "sphere": fiche.sphere,
        "statut": fiche.statut,
        "tranche": tranche(fiche.effectif),
        "edition": fiche.edition__annee,
        "partenaire": str(fiche.partenaire_id or ""),
        "criteres": " ".join(str(pk) for pk, _name in criteria),
        "mots_cles": " ".join(str(pk) for pk, _name in keywords),
        "documents": "".join(f" {pk} " for pk in documents),
        "publie_le": fiche.first_published_at,
        "modifie_le": fiche.last_published_at,
        "expire_le": fiche.expire_at,
        "texte": f"{fiche.chapo}\n{text}".strip(),
        "mots": " ".join(sorted(set().union(*tiers))),
    }
    return row, tokens([map(stem, tier) for tier in tiers])
