"""What is taught: a pack on disk -> an immutable ``Catalog``.

``source`` says where a pack lies and which files it has, ``load`` makes the ``Catalog`` of ``model``, ``watch`` keeps
it current while authors work, ``check`` reads every word and reports every mistake. Texts stay Markdown: nothing here
knows HTML, addresses, requests or the database.
"""
