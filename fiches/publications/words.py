"""The full-text index of the register, and the vocabulary with the number of pages of each word.

SQLite stores the index in an FTS5 table, PostgreSQL in a ``tsvector`` column with a GIN index. Both receive tokens that are
already folded and stemmed (see ``fiches.publications.text_analysis``), so that both find the same rows. A token begins with the tier
of its place: ``1_epicer`` is in the title, ``4_epicer`` anywhere. A row holds the token of a word's best tier and of all later
ones, so that "tier 2 or better" is one look-up, without a score for each match. Tier 0 holds the unstemmed words of titles and
organisations, for completion.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

from django.db import connections, router
from django.db.models.expressions import RawSQL

from fiches.models import Mot, Publication
from fiches.models.bulk import delete_rows
from fiches.publications.text_analysis import stem

# Title; names and criteria; introduction; all the text.
TIERS = (1, 2, 3, 4)
AS_WRITTEN = 0
TABLE = "rallynov_fiches_publication_words"
# PostgreSQL: the expression is in a subquery to hide the frequency of the words from the planner. It would read all rows for
# frequent words, four times slower than the index, because it counts no cost for reading a ``tsvector``.
POSTGRESQL = "SELECT rowid FROM {table} WHERE mots @@ (SELECT %s::tsquery)"
SQLITE = "SELECT rowid FROM {table} WHERE {table} MATCH %s"


# --- The index ---------------------------------------------------------------------------------------------------------------


class WordsTable:
    """The table of the index, which no model describes; its ``rowid`` is the key of a row of the register. For migrations."""

    def __init__(self, table: str) -> None:
        self.table = table

    def create(self, schema_editor: Any) -> None:
        table = schema_editor.quote_name(self.table)
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"CREATE TABLE {table} (rowid bigint PRIMARY KEY, mots tsvector NOT NULL)")
            schema_editor.execute(f"CREATE INDEX {self.table}_gin ON {table} USING gin (mots)")
        else:
            schema_editor.execute(
                f"CREATE VIRTUAL TABLE {table} USING fts5"
                "(mots, detail=none, columnsize=0, tokenize=\"unicode61 remove_diacritics 0 tokenchars '_'\")"
            )

    def drop(self, schema_editor: Any) -> None:
        schema_editor.execute(f"DROP TABLE {schema_editor.quote_name(self.table)}")


def tokens(written: Iterable[str], stems_by_tier: Sequence[Iterable[str]]) -> list[str]:
    """The sorted tokens of a row.

    :param written: the folded words of its title and organisation.
    :param stems_by_tier: four collections of stems, in the order of :data:`TIERS`.
    """
    result = {f"{AS_WRITTEN}_{word}" for word in written}
    until_here: set[str] = set()
    for tier, stems in zip(TIERS, stems_by_tier, strict=True):
        until_here.update(stems)
        result.update(f"{tier}_{stem}" for stem in until_here)
    return sorted(result)


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
    """Deletes rows of the index by the keys of their publications."""
    if pks:
        with connections[router.db_for_write(Publication)].cursor() as cursor:
            cursor.executemany(f"DELETE FROM {TABLE} WHERE rowid = %s", [(pk,) for pk in pks])


class Expression:
    """A full-text query in the syntax of either database.

    :param groups: a list (AND) of lists (OR) of tuples of stems (AND): each word with its synonyms, which may have several words.
    :param begun: whether each stem matches as a prefix.
    """

    def __init__(self, groups: Iterable[Iterable[tuple[str, ...]]], *, begun: bool = False) -> None:
        self.groups = [list(alternatives) for alternatives in groups]
        self.begun = begun

    def rows(self, tier: int = TIERS[-1]) -> RawSQL:
        """The keys of the publications that match in ``tier`` or a better one, for ``pk__in=…``."""
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


# --- The vocabulary ----------------------------------------------------------------------------------------------------------

SHORTEST = 3
AT_ONCE = 500


def is_proposable(word: str) -> bool:
    """Whether a word may be in the vocabulary: letters only, three or more."""
    return len(word) >= SHORTEST and word.isalpha()


def count(*, added: Iterable[Collection[str]], removed: Iterable[Collection[str]]) -> None:
    """Updates the vocabulary: adds one page for each word of each set in ``added``, subtracts one for each in ``removed``. A
    word left on no public page is deleted, so that it is never suggested. The caller holds the lock of the version."""
    changes = Counter(chain.from_iterable(added))
    changes.subtract(Counter(chain.from_iterable(removed)))
    changed = [word for word, number in changes.items() if number and is_proposable(word)]
    for start in range(0, len(changed), AT_ONCE):
        batch = changed[start : start + AT_ONCE]
        known = dict(Mot.objects.filter(mot__in=batch).values_list("mot", "frequence"))
        numbers = {word: known.get(word, 0) + changes[word] for word in batch}
        if lost := [word for word, number in numbers.items() if number <= 0]:
            delete_rows(Mot.objects.filter(mot__in=lost))
        _write({word: number for word, number in numbers.items() if number > 0})


def recount(texts: Iterable[str]) -> None:
    """Rebuilds the vocabulary from the words of each public page (one text each), and deletes index rows that are not public."""
    counts = Counter(filter(is_proposable, chain.from_iterable(text.split() for text in texts)))
    with connections[router.db_for_write(Mot)].cursor() as cursor:
        public = f"SELECT id FROM {Publication._meta.db_table} WHERE withdrawn_at IS NULL"
        cursor.execute(f"DELETE FROM {TABLE} WHERE rowid NOT IN ({public})")
    delete_rows(Mot.objects.all())
    _write(counts)


def _write(numbers: Mapping[str, int]) -> None:
    rows = [Mot(mot=word, racine=stem(word), frequence=number) for word, number in numbers.items()]
    Mot.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["mot"], update_fields=["frequence"], batch_size=AT_ONCE
    )
