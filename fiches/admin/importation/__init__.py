"""Fiches brought in a spreadsheet: read, checked, then made as drafts; and the same columns, written.

``encodage``, ``classeur`` and ``lecture`` read the file, ``colonnes`` knows what each column holds, ``verification`` finds
what is wrong, ``images`` brings the pictures, ``travail`` does the work and undoes it, ``ecriture`` writes the same columns,
``vues`` are the screens.
"""
