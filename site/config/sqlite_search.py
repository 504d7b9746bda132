"""Wagtail's database search, for its own APIs and the admin; on SQLite, a common word costs what a rare one does.

The stock backend asks the index once for each row, and once more for the score of each match: three words that 4,463 of
5,000 pages hold took 11 seconds of processor, and the square of that for more.
"""

from typing import Any

from modelsearch.backends.database.sqlite.query import MatchExpression, normalize
from modelsearch.backends.database.sqlite.sqlite import SQLiteSearchBackend, SQLiteSearchQueryCompiler
from modelsearch.query import MatchAll, Not
from modelsearch.utils import get_descendants_content_types_pks
from wagtail.search.models import IndexEntry, SQLiteFTSIndexEntry

# Matches above which they come in the order of the rows that are searched, instead of the best first.
MOST_RANKED = 200


class BoundedQueryCompiler(SQLiteSearchQueryCompiler):
    """Asks the index once; orders by relevance what has ``MOST_RANKED`` matches at most."""

    def search(self, config: Any, start: Any, stop: Any, score_field: Any = None) -> Any:
        wanted = normalize(self.query)
        if score_field is not None or isinstance(wanted, MatchAll | Not):
            return super().search(config, start, stop, score_field=score_field)
        match = MatchExpression(self.fields or self.FTS_TABLE_FIELDS, self.build_search_query(wanted, config=config))
        # A query in a query in a query: joined, they would be looked up for each row.
        entries = IndexEntry.objects.filter(
            pk__in=SQLiteFTSIndexEntry.objects.filter(match).values("index_entry_id"),
            content_type__in=get_descendants_content_types_pks(self.queryset.model),
        )
        found = self.queryset.filter(pk__in=entries.values("object_id"))
        if self.order_by_relevance and found.order_by()[: MOST_RANKED + 1].count() <= MOST_RANKED:
            return super().search(config, start, stop)
        return (found if found.query.order_by else found.order_by("-pk"))[start:stop]


class BoundedSearchBackend(SQLiteSearchBackend):
    query_compiler_class = BoundedQueryCompiler
