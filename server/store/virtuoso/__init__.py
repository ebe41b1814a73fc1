"""Virtuoso as the engine of a store in a folder: started, loaded and kept up to date by the server.

    FOLDER/lock          held by the process that runs Virtuoso (``keeper``)
    FOLDER/serving       link that tells readers the version and the port (``serving``)
    FOLDER/generation    link to the database in use
    FOLDER/held/         the snapshot of the embedded store of the same version (``held_snapshot``)
    FOLDER/<name>/       a database: Virtuoso's files, its settings, digests of the graphs in it

FOLDER is ``virtuoso`` in the folder of the store. Publishing goes to the embedded store as ever;
all of this is derived from it and can be deleted while no server runs.
"""
