"""The kinds of questions, a file each; ``registry`` lists them.

``options`` and ``choice`` hold what kinds with a list share, ``rows`` what kinds that ask several things at once share,
``answers`` and ``wording`` what kinds with ``= answer`` lines share, ``scoring`` the field line of that name.

What a page sends, and what is kept as the response (``field`` is ``answer-<item>``):

============  =========================================================  =======================================
kind          form fields                                                response
============  =========================================================  =======================================
single        ``field`` once: an option's id                             ``("b",)``
multiple      ``field`` for every checked option                         ``("a", "c")``
weighted      as single, or as multiple when ``several``                 ``("a",)``
true_false    ``field`` once: ``true`` or ``false``                      ``("true",)``
short_answer  ``field`` once: the text                                   ``("Danau Toba",)``
numeric       ``field`` once: the text                                   ``("3,14",)``
essay         ``field`` once: the text                                   ``("Baris satu …",)``
matching      ``field`` for every row: ``row=option``                    ``("a=k1", "b=k2")``
ordering      ``field`` for every place: ``place=option``                ``("1=m", "2=c")``
cloze         ``field.gap`` for every gap: the text or an option's id    ``("1=dua", "2=a")``
============  =========================================================  =======================================

Matching, ordering and cloze take both ``field`` with ``row=value`` and ``field.row`` with the value alone. Empty values
are rows left empty; a response that is empty altogether is None, "not answered".
"""
