"""What is taught: a pack in a store -> an immutable ``Catalog``.

A ``store`` lists the files of a pack and hands out their bytes, ``source`` is the one in a folder; ``load`` makes the
``Catalog`` of ``model``, ``served`` holds the one that an application serves, ``check`` reads every word and reports
every mistake. Texts stay Markdown until ``rendering`` is asked for their HTML; nothing here knows addresses, requests
or the database.
"""
