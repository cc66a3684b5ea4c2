"""A certificate as a tagged PDF (PDF/UA-1), where the extra ``pdf`` is installed: the only file that knows typst."""

from __future__ import annotations

import json
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path

from lms.features.certificates.code import drawn
from lms.features.certificates.sheet import Sheet
from lms.logs import logger
from lms.web.words import gettext as _

log = logger("lms.pdf")
_TEMPLATE = Path(__file__).parent / "templates/certificates/certificate.typ"


def can_be_made() -> bool:
    return find_spec("typst") is not None


def written(sheet: Sheet, address: str, language: str) -> bytes | None:
    """None where it cannot be made: typst is not installed, or no font of its own has a letter of the name.

    What the certificate says is handed over as data; nothing in it is read as a command.
    """
    if not can_be_made():
        return None
    import typst

    said = {
        **asdict(sheet),
        "language": language,
        "address": address,
        "code": drawn(address),
        "code_says": _("Kode QR ke halaman yang memeriksa sertifikat ini"),
        "verify": _("Periksa di"),
    }
    try:
        return bytes(
            typst.compile(
                str(_TEMPLATE),
                root=str(_TEMPLATE.parent),
                ignore_system_fonts=True,
                sys_inputs={"said": json.dumps(said, ensure_ascii=False)},
                format="pdf",
                pdf_standards="ua-1",
            )
        )
    except typst.TypstError as error:
        log.warning("no pdf", extra={"fields": {"why": str(error)[:500]}})
        return None
