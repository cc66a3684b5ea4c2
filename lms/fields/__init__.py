"""YAML and a schema in, typed values out – or every mistake of the author, each with its line.

The only room that knows PyYAML and how pydantic reports. A schema is a subclass of ``Schema``::

    class Head(Schema):
        title: Text
        reviewed: date | None = None

    head = read(Head, text, path="content/course.yml", problems=problems)  # None: problems say why

Nothing here raises for what an author wrote.
"""

from lms.fields.document import Document, load_yaml
from lms.fields.problems import CODES, Fix, Problem, Problems, Severity
from lms.fields.schema import Day, Schema, Slug, Text, read, read_page, refusal, slug_of, validate
from lms.fields.text import decode, misspelt, nearest, split_front_matter, suggestion

__all__ = [
    "CODES",
    "Day",
    "Document",
    "Fix",
    "Problem",
    "Problems",
    "Schema",
    "Severity",
    "Slug",
    "Text",
    "decode",
    "load_yaml",
    "misspelt",
    "nearest",
    "read",
    "read_page",
    "refusal",
    "slug_of",
    "split_front_matter",
    "suggestion",
    "validate",
]
