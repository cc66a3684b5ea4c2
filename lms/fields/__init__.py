"""YAML and a schema in, typed values out – or every mistake of the author, each with its line.

The only room that knows PyYAML and how pydantic reports. A schema is a subclass of ``Schema``::

    class Head(Schema):
        title: Text
        reviewed: date | None = None

    head = read(Head, text, path="content/course.yml", problems=problems)  # None: problems say why

Nothing here raises for what an author wrote.
"""

from lms.fields.document import Document, load_yaml
from lms.fields.problems import CODES, Problem, Problems, Severity
from lms.fields.schema import Day, Schema, Slug, Text, read, read_page, validate
from lms.fields.text import decode, nearest, split_front_matter

__all__ = [
    "CODES",
    "Day",
    "Document",
    "Problem",
    "Problems",
    "Schema",
    "Severity",
    "Slug",
    "Text",
    "decode",
    "load_yaml",
    "nearest",
    "read",
    "read_page",
    "split_front_matter",
    "validate",
]
