"""What the forms of certificates say."""

from __future__ import annotations

from collections.abc import Mapping

from werkzeug.datastructures import FileStorage

from lms.errors import Invalid
from lms.learning.api import signing


class NameNotConfirmed(Invalid):
    message = "Tandai dahulu bahwa nama Anda tertulis benar. Sesudah terbit, nama itu tidak dapat diubah."


class NothingToVerify(Invalid):
    message = "Tempelkan teks sertifikat, atau pilih berkasnya."


def confirm_name(form: Mapping[str, str], name: str) -> None:
    """The name that was looked at is the one that will be certified. Raises ``NameNotConfirmed``."""
    if form.get("name") != name:
        raise NameNotConfirmed(fields={"name": NameNotConfirmed.message})


def text(form: Mapping[str, str], files: Mapping[str, FileStorage]) -> str:
    """What is to be verified, without the spaces and line breaks that mail puts into it. Raises ``NothingToVerify``."""
    file = files.get("file")
    most = 2 * signing.LONGEST
    uploaded = file.stream.read(most).decode("utf-8", errors="replace") if file and file.filename else ""
    given = "".join((uploaded or form.get("text", "")[:most]).split())
    if not given:
        raise NothingToVerify(fields={"text": NothingToVerify.message})
    return given
