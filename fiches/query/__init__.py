"""The search of fiches: one query language, run as SQL on the register of what is public (``fiches.publications``), with the
same results on SQLite and PostgreSQL. See docs/decisions/0005-finding-in-sql.md.

Read in this order: ``filtre`` (the parser and the results), ``facettes`` (the values of each filter with their counts),
``mots`` (the full-text search and its ranking), ``vocabulaire`` (completion and spelling), ``phrase`` (a query as a sentence).
"""
