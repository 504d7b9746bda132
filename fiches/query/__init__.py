"""The search of fiches: one query language, run as SQL on the register of what is public (``fiches.publications``), with the
same results on SQLite and PostgreSQL. See docs/decisions.md.

Read in this order: `fiche_filter` (the parser and the results), `facets` (the values of each filter with their counts),
`word_search` (the full-text search and its ranking), `completion` and `spelling`, `summary` (a query as a sentence).
"""
