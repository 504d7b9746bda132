"""The words index: which rows hold which words, in the database's own full-text index.

SQLite keeps it in an FTS5 table, PostgreSQL in a ``tsvector`` under GIN. Both are handed tokens already folded and
stemmed (see ``texte``), so that the same words find the same rows. A token says how prominent the place is where the
word stands: ``1_epicer`` is in the title, ``4_epicer`` anywhere; a row holds the token of a word's best tier and of
every tier after it, so that "within tier 2 at most" is one look-up and no score has to be computed for every match.
"""

from django.db import connections, router

TIERS = (1, 2, 3, 4)
"""Title; names and characterisation; introduction; all the text."""

ROWIDS = "ARRAY(SELECT rowid FROM {table} WHERE mots @@ (SELECT %s::tsquery))"
"""PostgreSQL's, of one expression.

An array: fifty thousand numbers cost less as one value than as rows. The expression stands in a query of its own, so that
the planner doesn't see how common the words are: of those that half the rows hold it would rather read every row, at four
times the price, since it takes the reading of a ``tsvector`` for free. The index answers for any word.
"""

AMONG = "ARRAY(SELECT rowid FROM {table} WHERE rowid = ANY(%s) AND mots @@ %s::tsquery)"
"""The same among given rows. Here the planner does see how common the words are, and reads these rows where many have them."""


def tokens(texts_by_tier):
    """The tokens of a row.

    :param texts_by_tier: four collections of stems, the most prominent first.
    """
    found, until_here = [], set()
    for tier, stems in zip(TIERS, texts_by_tier, strict=True):
        until_here.update(stems)
        found += [f"{tier}_{stem}" for stem in until_here]
    return sorted(found)


class Expression:
    """Words joined by AND and OR, written for the index of either database.

    ``groups`` is a list (AND) of lists (OR) of tuples of stems (AND): each word with its synonyms, some of them several
    words long.
    """

    def __init__(self, groups):
        self.groups = groups

    def written(self, tier, quote, both, either):
        return both.join(
            "("
            + either.join("(" + both.join(quote(f"{tier}_{stem}") for stem in stems) + ")" for stems in alternatives)
            + ")"
            for alternatives in self.groups
        )

    def fts5(self, tier):
        return self.written(tier, lambda token: f'"{token}"', " AND ", " OR ")

    def tsquery(self, tier):
        return self.written(tier, lambda token: f"'{token}'", " & ", " | ")


class WordsIndex:
    """The index kept in ``table``: a plain table beside the models, rebuilt from them at any time."""

    def __init__(self, table):
        self.table = table

    def create(self, schema_editor):
        table = schema_editor.quote_name(self.table)
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"CREATE TABLE {table} (rowid bigint PRIMARY KEY, mots tsvector NOT NULL)")
            schema_editor.execute(f"CREATE INDEX {self.table}_gin ON {table} USING gin (mots)")
        else:
            schema_editor.execute(
                f"CREATE VIRTUAL TABLE {table} USING fts5"
                "(mots, detail=none, columnsize=0, tokenize=\"unicode61 remove_diacritics 0 tokenchars '_'\")"
            )

    def drop(self, schema_editor):
        schema_editor.execute(f"DROP TABLE {schema_editor.quote_name(self.table)}")

    def put(self, rows):
        """Replaces rows: ``[(rowid, tokens)]``."""
        self.remove([rowid for rowid, _tokens in rows])
        connection = self._writer()
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                sql = f"INSERT INTO {self.table} (rowid, mots) VALUES (%s, array_to_tsvector(%s::text[]))"
                cursor.executemany(sql, rows)
            else:
                sql = f"INSERT INTO {self.table} (rowid, mots) VALUES (%s, %s)"
                cursor.executemany(sql, [(rowid, " ".join(words)) for rowid, words in rows])

    def remove(self, rowids):
        with self._writer().cursor() as cursor:
            cursor.executemany(f"DELETE FROM {self.table} WHERE rowid = %s", [(rowid,) for rowid in rowids])

    def clear(self):
        with self._writer().cursor() as cursor:
            cursor.execute(f"DELETE FROM {self.table}")

    def matching(self, expression, *, tier=4):
        """The rowids of the rows that hold the words, each in ``tier`` or better. One query."""
        return self.matching_each([(expression, tier)])[0]

    def matching_each(self, asked, among=None):
        """The same for several ``(expression, tier)``, as a list of lists. One query.

        :param among: rowids outside of which nothing is looked for.
        """
        connection = self._reader()
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                return self._arrays(cursor, asked, among)
            return self._rows(cursor, asked, among)

    def _arrays(self, cursor, asked, among):
        words = [expression.tsquery(tier) for expression, tier in asked]
        array = (ROWIDS if among is None else AMONG).format(table=self.table)
        values = words if among is None else [value for word in words for value in (among, word)]
        cursor.execute(f"SELECT {', '.join([array] * len(asked))}", values)
        return list(cursor.fetchone())

    def _rows(self, cursor, asked, among):
        words = [expression.fts5(tier) for expression, tier in asked]
        # the sign keeps FTS5 from looking the words up once for each row
        here = "" if among is None else f" AND +rowid IN ({', '.join(str(int(rowid)) for rowid in among) or 'NULL'})"
        sql = " UNION ALL ".join(
            f"SELECT {number}, rowid FROM {self.table} WHERE {self.table} MATCH %s{here}"
            for number in range(len(asked))
        )
        cursor.execute(sql, words)
        found = [[] for _ in asked]
        for number, rowid in cursor.fetchall():
            found[number].append(rowid)
        return found

    def _writer(self):
        return connections[router.db_for_write(self._model)]

    def _reader(self):
        return connections[router.db_for_read(self._model)]

    @property
    def _model(self):
        from fiches.models import Ligne

        return Ligne
