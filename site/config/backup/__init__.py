"""Backup and restoration of the database and the files, with checksums, in one folder.

``database`` dumps and loads the database, ``file_storages`` copies the two storages, ``backup_folder`` writes and checks the
backup's folder, ``restoration_mark`` tells whether a restoration was killed, ``refusals`` what the operator reads.
"""
