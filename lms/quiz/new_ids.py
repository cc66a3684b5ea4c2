"""Ids for what its author gave none."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection
from itertools import count

from lms.quiz.markdown import Part

_PREFIX = re.compile(r"(?:bagian|section) *: *", re.IGNORECASE)


def new_id(part: Part, title: str, taken: Collection[str] = ()) -> str:
    """The slug of the title, for questions with the beginning of a digest, so that ids are unique in a whole pack."""
    stem = slug(_PREFIX.sub("", title) if part.level == 1 else title) or ("bagian" if part.level == 1 else "soal")
    source = "\n".join([title, *(block.text for block in part.blocks)])
    digits = hashlib.sha256(source.encode()).hexdigest()
    names = (f"{stem}-{digits[:length]}" for length in range(4, 40))
    numbered = (f"{stem}-{digits}-{number}" for number in count(2))
    plain = [stem] if part.level == 1 else []
    return next(name for source in (plain, names, numbered) for name in source if name not in taken)


def slug(text: str) -> str:
    """The text as an id, of at most 40 characters; empty when it holds no letter and no digit."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_text)[:40].strip("-")
