"""The only writer of the search table: a row a visible fiche, its words, the words known, the version."""

from django.db import transaction
from django.dispatch import Signal

from fiches.enums import Precision
from fiches.models import FichePage, Ligne
from fiches.recherche import pieces, vocabulaire
from fiches.recherche.moteur import WordsIndex, tokens
from fiches.recherche.texte import STOPWORDS, clean, indexed, stem, words
from fiches.version import touch

MOTS = WordsIndex("fiches_recherche_mots")
LONGEST_TEXT = 50_000
A_BATCH = 200

reindexed = Signal()
"""Sent when the whole table was made anew: rooms that keep words of their own do the same."""


def index_fiches(pks):
    """Brings the rows of these fiches in line with them: written if the public may see the fiche, else removed."""
    pks = sorted(set(pks))
    for start in range(0, len(pks), A_BATCH):
        _index_batch(pks[start : start + A_BATCH])


@transaction.atomic
def _index_batch(pks):
    before = {pk: set(words.split()) for pk, words in Ligne.objects.filter(pk__in=pks).values_list("pk", "mots")}
    rows = _rows(_to_read(FichePage.objects.filter(pk__in=pks)))
    _drop(before.keys() - {row.pk for row, _tokens in rows})
    _write(rows)
    vocabulaire.change(added=[row.mots.split() for row, _tokens in rows], removed=before.values())
    touch()


def forget_fiches(pks):
    """Removes the rows of fiches that are about to be deleted."""
    with transaction.atomic():
        before = {pk: set(words.split()) for pk, words in Ligne.objects.filter(pk__in=pks).values_list("pk", "mots")}
        if before:
            _drop(before.keys())
            vocabulaire.change(removed=before.values())
            touch()


def reindex():
    """Makes the whole table anew and returns how many fiches can be found. Readers see the old one until it is done."""
    with transaction.atomic():
        Ligne.objects.all().delete()
        MOTS.clear()
        pks = list(FichePage.objects.visible().order_by("pk").values_list("pk", flat=True))
        word_sets = []
        for start in range(0, len(pks), A_BATCH):
            rows = _rows(_to_read(FichePage.objects.filter(pk__in=pks[start : start + A_BATCH])))
            _write(rows)
            word_sets += [row.mots.split() for row, _tokens in rows]
        vocabulaire.rebuild(word_sets)
        reindexed.send(sender=None)
        touch()
    return len(pks)


def _to_read(fiches):
    return (
        fiches.visible()
        .select_related("commune", "partenaire", "edition")
        .prefetch_related("fiche_criteres__tag", "fiche_mots_cles__tag")
    )


def _write(rows):
    fields = [field.name for field in Ligne._meta.concrete_fields if not field.primary_key]
    Ligne.objects.bulk_create(
        [row for row, _tokens in rows], update_conflicts=True, unique_fields=["fiche"], update_fields=fields
    )
    MOTS.put([(row.pk, tokens) for row, tokens in rows])


def _drop(pks):
    Ligne.objects.filter(pk__in=list(pks)).delete()
    MOTS.remove(sorted(pks))


def _rows(fiches):
    """``[(Ligne, tokens)]``."""
    fiches = list(fiches)
    offered = pieces.offered(fiches)
    return [_row(fiche, *offered.get(fiche.pk, ((), ""))) for fiche in fiches]


def _row(fiche, documents, their_text):
    """``(Ligne, tokens)``; nothing that a contact keeps to themselves is among the words."""
    commune, partner, edition = fiche.commune, fiche.partenaire, fiche.edition
    criteria = [link.tag for link in fiche.fiche_criteres.all()]
    keywords = [link.tag for link in fiche.fiche_mots_cles.all()]
    text = " ".join(clean(part) for part in fiche.corps.stream_block.get_searchable_content(fiche.corps))[:LONGEST_TEXT]
    text = f"{text}\n{clean(their_text)}".strip()
    names = [fiche.organisation, fiche.activite, fiche.get_departement_display(), fiche.get_statut_display()]
    names += [commune.nom if commune else "", *(tag.name for tag in criteria + keywords)]
    names += [partner.nom, partner.sigle] if partner else []
    tiers = [indexed(part) for part in (fiche.title, " / ".join(names), fiche.chapo, f"{text} / {fiche.sphere}")]
    row = Ligne(
        fiche_id=fiche.pk,
        titre=fiche.title,
        organisation=fiche.organisation,
        repere=f"{' '.join(words(fiche.title))} | {' '.join(words(fiche.organisation))}",
        commune=fiche.commune_id or "",
        commune_nom=commune.nom if commune else "",
        departement=fiche.departement,
        latitude=fiche.latitude,
        longitude=fiche.longitude,
        par_commune=fiche.precision == Precision.COMMUNE,
        sphere=fiche.sphere,
        statut=fiche.statut,
        tranche=fiche.tranche_effectif,
        edition=edition.annee if edition else None,
        partenaire=str(fiche.partenaire_id or ""),
        criteres=" ".join(str(tag.pk) for tag in criteria),
        mots_cles=" ".join(str(tag.pk) for tag in keywords),
        documents="".join(f" {pk} " for pk in documents),
        publie_le=fiche.first_published_at,
        modifie_le=fiche.last_published_at,
        expire_le=fiche.expire_at,
        texte=f"{fiche.chapo}\n{text}".strip(),
        mots=" ".join(sorted({word for tier in tiers for word in tier} - STOPWORDS)),
    )
    return row, tokens([[stem(word) for word in tier if word not in STOPWORDS] for tier in tiers])
