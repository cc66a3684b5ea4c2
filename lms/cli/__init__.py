"""The ``lms`` command: what an operator does, with a plain answer. Nothing is half done, however a command ends."""

from __future__ import annotations

from lms.cli.group import main

__all__ = ["main"]
