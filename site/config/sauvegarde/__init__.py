"""Backups: the database and the files, with their fingerprints, in one folder; and the way back.

``base`` dumps and reloads either engine, ``fichiers`` the two storages, ``dossier`` is the folder and what it says of itself.
"""
