"""The words of what is public: the full-text index of the register, and the words known with how many pages use each.

SQLite keeps the index in an FTS5 table, PostgreSQL in a ``tsvector`` under GIN. Both are handed tokens already folded and
stemmed (see ``fiches.publications.tokens``), so that the same words find the same rows. A token says how prominent the place is
where the word stands: ``1_epicer`` is in the title, ``4_epicer`` anywhere; a row holds the token of a word's best tier and of
every tier after it, so that "within tier 2 at most" is one look-up and no score has to be computed for every match. Tier 0
holds the words of titles and organisations as they are written, for what is typed so far.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain

from django.db import connections, router
from django.db.models.expressions import RawSQL

from fiches.models import Mot, Publication
from fiches.publications.tokens import stem

# Title; names and characterisation; introduction; all the text.
TIERS = (1, 2, 3, 4)
AS_WRITTEN = 0
TABLE = "fiches_publication_words"
# PostgreSQL. The expression stands in a query of its own, so that the planner doesn't see how common the words are: of those
# that half the rows hold it would rather read every row, at four times the price, since it takes the reading of a ``tsvector``
# for free. The index answers for any word.
POSTGRESQL = "SELECT rowid FROM {table} WHERE mots @@ (SELECT %s::tsquery)"
SQLITE = "SELECT rowid FROM {table} WHERE {table} MATCH %s"


# --- The index ---------------------------------------------------------------------------------------------------------------


class WordsTable:
    """The index kept in ``table``: a plain table beside the models, whose ``rowid`` is the key of a row of the register."""

    def __init__(self, table: str) -> None:
        self.table = table

    def create(self, schema_editor) -> None:
        """For migrations."""
        table = schema_editor.quote_name(self.table)
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"CREATE TABLE {table} (rowid bigint PRIMARY KEY, mots tsvector NOT NULL)")
            schema_editor.execute(f"CREATE INDEX {self.table}_gin ON {table} USING gin (mots)")
        else:
            schema_editor.execute(
                f"CREATE VIRTUAL TABLE {table} USING fts5"
                "(mots, detail=none, columnsize=0, tokenize=\"unicode61 remove_diacritics 0 tokenchars '_'\")"
            )

    def drop(self, schema_editor) -> None:
        schema_editor.execute(f"DROP TABLE {schema_editor.quote_name(self.table)}")


def tokens(written: Iterable[str], stems_by_tier: Sequence[Iterable[str]]) -> list[str]:
    """The tokens of a row.

    :param written: the folded words of its title and organisation.
    :param stems_by_tier: four collections of stems, the most prominent first.
    """
    found = {f"{AS_WRITTEN}_{word}" for word in written}
    until_here: set[str] = set()
    for tier, stems in zip(TIERS, stems_by_tier, strict=True):
        until_here.update(stems)
        found.update(f"{tier}_{stem}" for stem in until_here)
    return sorted(found)


def put(rows: Sequence[tuple[int, list[str]]]) -> None:
    """Replaces rows of the index: ``[(key of the publication, tokens)]``."""
    connection = connections[router.db_for_write(Publication)]
    if not rows:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sql = f"INSERT INTO {TABLE} (rowid, mots) VALUES (%s, array_to_tsvector(%s::text[]))"
            cursor.executemany(f"{sql} ON CONFLICT (rowid) DO UPDATE SET mots = excluded.mots", rows)
        else:
            sql = f"INSERT OR REPLACE INTO {TABLE} (rowid, mots) VALUES (%s, %s)"
            cursor.executemany(sql, [(pk, " ".join(words)) for pk, words in rows])


def remove(pks: Collection[int]) -> None:
    if pks:
        with connections[router.db_for_write(Publication)].cursor() as cursor:
            cursor.executemany(f"DELETE FROM {TABLE} WHERE rowid = %s", [(pk,) for pk in pks])


class Expression:
    """Words joined by AND and OR, written for the index of either database.

    ``groups`` is a list (AND) of lists (OR) of tuples of stems (AND): each word with its synonyms, some of them several
    words long. With ``begun``, a word stands for whatever begins so.
    """

    def __init__(self, groups: Iterable[Iterable[tuple[str, ...]]], *, begun: bool = False) -> None:
        self.groups = [list(alternatives) for alternatives in groups]
        self.begun = begun

    def rows(self, tier: int = TIERS[-1]) -> RawSQL:
        """The keys of the publications that hold the words in ``tier`` or better: for ``pk__in=…``."""
        if connections[router.db_for_read(Publication)].vendor == "postgresql":
            return RawSQL(POSTGRESQL.format(table=TABLE), [self.tsquery(tier)])
        return RawSQL(SQLITE.format(table=TABLE), [self.fts5(tier)])

    def fts5(self, tier: int) -> str:
        return self._written(tier, '"', " AND ", " OR ", "*" if self.begun else "")

    def tsquery(self, tier: int) -> str:
        return self._written(tier, "'", " & ", " | ", ":*" if self.begun else "")

    def _written(self, tier: int, quote: str, both: str, either: str, end: str) -> str:
        def one(stems: tuple[str, ...]) -> str:
            return "(" + both.join(f"{quote}{tier}_{stem}{quote}{end}" for stem in stems) + ")"

        return both.join("(" + either.join(map(one, alternatives)) + ")" for alternatives in self.groups)


# --- The words known ---------------------------------------------------------------------------------------------------------

SHORTEST = 3
AT_ONCE = 500


def is_proposable(word: str) -> bool:
    return len(word) >= SHORTEST and word.isalpha()


def count(*, added: Iterable[Collection[str]], removed: Iterable[Collection[str]]) -> None:
    """Counts one page more for each word of each set ``added``, one less for each of those ``removed``; words left on no page
    are forgotten, so that none is proposed that nobody may read."""
    more, less = (Counter(filter(is_proposable, chain.from_iterable(sets))) for sets in (added, removed))
    if lost := less - more:
        _subtract(lost)
    if won := more - less:
        _add(won)


def recount(said: Iterable[str]) -> None:
    """Counts everything anew from the words of each public page, and takes out of the index what is public no longer."""
    counts = Counter(filter(is_proposable, chain.from_iterable(text.split() for text in said)))
    with connections[router.db_for_write(Mot)].cursor() as cursor:
        public = f"SELECT id FROM {Publication._meta.db_table} WHERE withdrawn_at IS NULL"
        cursor.execute(f"DELETE FROM {TABLE} WHERE rowid NOT IN ({public})")
    Mot.objects.all()._raw_delete(router.db_for_write(Mot))
    words = (Mot(mot=word, racine=stem(word), frequence=number) for word, number in sorted(counts.items()))
    Mot.objects.bulk_create(words, batch_size=AT_ONCE)


def _subtract(counts: Counter[str]) -> None:
    table = Mot._meta.db_table
    with connections[router.db_for_write(Mot)].cursor() as cursor:
        sql = f"UPDATE {table} SET frequence = frequence - %s WHERE mot = %s"
        cursor.executemany(sql, [(number, word) for word, number in sorted(counts.items())])
    for batch in _batches(sorted(counts)):
        Mot.objects.filter(mot__in=batch, frequence__lte=0)._raw_delete(router.db_for_write(Mot))


def _add(counts: Counter[str]) -> None:
    """In one order always, so that two publications at once wait for each other and don't block."""
    table = Mot._meta.db_table
    sql = (
        f"INSERT INTO {table} (mot, racine, frequence) VALUES (%s, %s, %s) "
        f"ON CONFLICT (mot) DO UPDATE SET frequence = {table}.frequence + excluded.frequence"
    )
    with connections[router.db_for_write(Mot)].cursor() as cursor:
        cursor.executemany(sql, [(word, stem(word), number) for word, number in sorted(counts.items())])


def _batches(items: list[str]) -> Iterator[list[str]]:
    return (items[start : start + AT_ONCE] for start in range(0, len(items), AT_ONCE))
