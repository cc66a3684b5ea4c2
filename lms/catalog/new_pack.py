"""A package that brings a pack, ready to be installed: a course with one module that can be read and passed.

What it holds is sound as it stands (``lms check`` says nothing), and its own test says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from lms.catalog.new import NewFile, filled, named

#: Path in the new folder -> its template; ``{module}`` stands for the Python package.
_FILES = {
    "pyproject.toml": "pyproject.txt",
    "README.md": "readme.txt",
    "tests/test_pack.py": "test_pack.txt",
    "{module}/__init__.py": "package.txt",
    "{module}/content/course.yml": "course.txt",
    "{module}/content/regulations/uu-20-2023.yml": "regulation.txt",
    "{module}/modules/menulis-materi/index.md": "module.txt",
    "{module}/modules/menulis-materi/01-materi-yang-dibaca.md": "lesson.txt",
    "{module}/quizzes/menulis-materi.md": "quiz.txt",
}


def files(name: str, *, today: date) -> Iterator[NewFile]:
    """The files of the package, its module called so that it hides no other. Raises ``BadName``."""
    package = f"latsar-pack-{named(name)}"
    values = {
        "name": name,
        "package": package,
        "module": package.replace("-", "_"),
        "title": name.replace("-", " ").capitalize(),
        "today": str(today),
    }
    for path, template in _FILES.items():
        yield NewFile(path.format(**values), filled(f"pack/{template}", **values))
