"""The kinds of questions, a folder each; ``registry`` lists them.

``options`` and ``choice`` hold what kinds with a list share, ``rows`` what kinds that ask several things at once share,
``answers`` and ``wording`` what kinds with ``= answer`` lines share, ``scoring`` the field line of that name.

Each kind says what a page sends, and what is kept as the response; ``field`` is ``answer-<item>``. Kinds of ``rows``
take both ``field`` with ``row=value`` and ``field.row`` with the value alone. Empty values are rows left empty; a
response that is empty altogether is None, "not answered".
"""
