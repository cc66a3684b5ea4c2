"""What is asked: quizzes, their questions, and how a response is marked.

``source`` reads what an author wrote, ``write`` and ``format`` write it; ``items`` holds a folder per kind of question,
``marking`` adds up, ``draw`` fills a quiz from the bank, ``definition`` stores and tells versions apart, ``regrade``
mends marks. Nothing here knows HTML, files, requests or the database: texts stay Markdown, and who may see which of
them when is only said (``review``), not enforced.
"""
