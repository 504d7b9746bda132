"""Import of fiches from a spreadsheet, as drafts, and export in the same columns.

``encodage``, ``classeur`` and ``lecture`` read the file; ``colonnes`` defines the columns, ``textes`` those of the text;
``verification`` validates rows; ``images`` fetches pictures; ``travail`` holds the background tasks (check, create, undo);
``ecriture`` and ``classeur_ecrit`` export; ``vues`` holds the views.
"""
