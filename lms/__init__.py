"""A learning system for Latsar: lessons and quizzes written in Markdown, progress kept in SQL.

``create_app`` builds a Flask application of its own; ``init_app`` mounts the whole into somebody else's, which may say
by an ``Identity`` who is there. All are looked up on first use, so that the pure rooms (``lms.quiz``, ``lms.catalog``)
load without Flask.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lms.version import __version__

if TYPE_CHECKING:
    from lms.app import create_app, init_app
    from lms.learning.host_people import Identity

__all__ = ["Identity", "__version__", "create_app", "init_app"]


def __getattr__(name: str) -> Any:
    if name in {"create_app", "init_app"}:
        from lms import app

        return getattr(app, name)
    if name == "Identity":
        from lms.learning.host_people import Identity

        return Identity
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
