"""Finding fiches: one query language, one index, the same answers on SQLite and on PostgreSQL.

Read in this order: ``filtre`` (what may be asked), ``instantane`` (what answers facets, order and places), ``moteur``
and ``texte`` (what answers words), ``indexation`` (what feeds them).
"""
