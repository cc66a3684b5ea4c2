"""What is asked: quizzes, their questions, and how a response is marked.

``source`` reads what an author wrote, ``items`` holds a file per question type, ``marking`` adds up, ``definition``
stores and tells versions apart. Nothing here knows HTML, files, requests or the database: texts stay Markdown, and
who may see which of them when is only said (``ReviewRules``), not enforced.
"""
