"""What the forms of certificates say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from uuid import UUID

from werkzeug.datastructures import FileStorage

from lms.errors import Invalid
from lms.learning.api import signing


class NameNotConfirmed(Invalid):
    message = "Tandai dahulu bahwa nama Anda tertulis benar. Sesudah terbit, nama itu tidak dapat diubah."


class NothingToVerify(Invalid):
    message = "Tempelkan teks sertifikat atau alamatnya, atau pilih berkasnya."


class PdfToVerify(Invalid):
    message = "Isi PDF mudah ditiru, jadi tidak diperiksa di sini. Tulis nomor sertifikat yang tercantum di dalamnya."


def confirm_name(form: Mapping[str, str], name: str) -> None:
    """The name that was looked at is the one that will be certified. Raises ``NameNotConfirmed``."""
    if form.get("name") != name:
        raise NameNotConfirmed(fields={"name": NameNotConfirmed.message})


_NUMBER = re.compile(r"(?:^|/)([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:[/?#].*)?$", re.IGNORECASE)


def number(text: str) -> UUID | None:
    """The number of a certificate, where somebody gives it or the address of its page instead of its text."""
    found = _NUMBER.search(text)
    return UUID(found[1]) if found else None


def text(form: Mapping[str, str], files: Mapping[str, FileStorage]) -> str:
    """What is to be verified, without the spaces and line breaks that mail puts into it.

    Raises ``NothingToVerify`` or ``PdfToVerify``.
    """
    file = files.get("file")
    most = 2 * signing.LONGEST
    uploaded = file.stream.read(most).decode("utf-8", errors="replace") if file and file.filename else ""
    given = "".join((uploaded or form.get("text", "")[:most]).split())
    if not given:
        raise NothingToVerify(fields={"text": NothingToVerify.message})
    if given.startswith("%PDF"):
        raise PdfToVerify(fields={"text": PdfToVerify.message})
    return given
