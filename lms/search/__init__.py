"""What is found by its words: lessons under each of their headings, articles of the register, terms of the glossary.

    found = search(catalog, "berapa lama masa percobaan")
    found.hits(0, 10)    # the ten best pages, each with its best places

The index is made of the catalog when somebody first searches, stays in memory beside it and goes with it (ADR 21).
Nothing here knows the database: whoever searches finds the same in the same order, whatever engine keeps the people.
Questions are not in it, neither those of quizzes nor those of self-checks.
"""

from lms.search.documents import Document, Kind, Page
from lms.search.excerpt import Piece
from lms.search.finding import Found, Hit, Place, Searchable, prepare, search
from lms.search.index import Index
from lms.search.question import LONGEST

__all__ = [
    "LONGEST",
    "Document",
    "Found",
    "Hit",
    "Index",
    "Kind",
    "Page",
    "Piece",
    "Place",
    "Searchable",
    "prepare",
    "search",
]
