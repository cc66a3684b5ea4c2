"""How a file is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from lms.db.exports import Form
from lms.errors import Invalid
from lms.learning.api import exports


@dataclass(frozen=True, slots=True)
class Wanted:
    """``id``: made with the page, so that its form sent twice asks once."""

    id: UUID
    form: Form


def form(given: Mapping[str, str]) -> Form:
    """Raises ``Invalid``."""
    try:
        return Form(given.get("form", ""))
    except ValueError:
        raise Invalid("Pilih dahulu bentuk berkasnya.") from None


def wanted(given: Mapping[str, str]) -> Wanted:
    """Raises ``Invalid``."""
    try:
        id = UUID(given.get("export", ""))
    except ValueError:
        id = exports.new_id()  # of a page of another release: asked for all the same
    return Wanted(id, form(given))
