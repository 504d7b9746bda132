"""Backup and restoration of the database and the files, with checksums, in one folder.

``base`` dumps and loads the database, ``fichiers`` copies the two storages, ``dossier`` writes and checks the backup's folder.
"""
