"""Finding fiches: one query language, asked of the register of what is public (``fiches.publications``) in SQL, with the same
answers on SQLite and on PostgreSQL. See docs/decisions/0005-finding-in-sql.md.

Read in this order: ``filtre`` (what may be asked, and what answers), ``facettes`` (what each filter offers), ``mots`` and ``texte``
(what answers words, in which order), ``vocabulaire`` (what was meant), ``phrase`` (a question in words).
"""
