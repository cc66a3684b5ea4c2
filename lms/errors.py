"""What can go wrong, in words a person may be shown. No word of HTTP here.

The precise errors stand beside the functions that raise them and derive from one of these five. The message of
each is in Bahasa Indonesia and says what happened and what to do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping


class Said(str):
    """A sentence that can still be said in another language: it is ``template`` filled with ``values``.

    A value may itself be ``Said``.
    """

    __slots__ = ("template", "values")
    template: str
    values: dict[str, object]

    def __new__(cls, template: str, **values: object) -> Said:
        said = super().__new__(cls, template % values if values else template)
        said.template, said.values = template, values
        return said

    @classmethod
    def joined(cls, sentences: Iterable[Said]) -> Said:
        """Several sentences as one."""
        numbered = {f"sentence{at}": sentence for at, sentence in enumerate(sentences)}
        return cls(" ".join(f"%({name})s" for name in numbered), **numbered)


class Refused(Exception):
    """Base of everything a person may be told about; ``str(error)`` is the message, ``said`` the same to translate."""

    message = "Terjadi kesalahan."

    def __init__(self, message: str | None = None) -> None:
        text = message or self.message
        self.said = text if isinstance(text, Said) else Said(text)
        super().__init__(str(text))


class NotFound(Refused):
    message = "Yang Anda cari tidak ditemukan."


class NotAllowed(Refused):
    message = "Anda tidak berwenang membuka halaman ini."


class Conflict(Refused):
    """The request was sound, but the state of things has moved on."""

    message = "Data sudah berubah sejak halaman ini dibuka. Muat ulang lalu coba lagi."


class Invalid(Refused):
    """Input that cannot be used. ``fields``: form field -> message beside that field."""

    message = "Isian belum benar."

    def __init__(self, message: str | None = None, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.fields = dict(fields or {})


class Throttled(Refused):
    """Asked too often. ``retry_after``: seconds to wait."""

    message = "Terlalu banyak permintaan. Tunggu sebentar lalu coba lagi."

    def __init__(self, message: str | None = None, retry_after: int = 60) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unavailable(Refused):
    """What keeps the data cannot be asked now. ``retry_after``: seconds after which it may work again."""

    message = "Server sedang tidak dapat menghubungi penyimpanannya. Tunggu sebentar, lalu coba lagi."
    retry_after = 5


class StorageFull(Unavailable):
    message = "Tempat penyimpanan di server penuh. Beri tahu pengelola; yang sudah tersimpan tetap ada."
    retry_after = 60


class BadSetting(Exception):
    """What an operator chose or installed cannot be used. The message, in English, names it and says what to do."""
