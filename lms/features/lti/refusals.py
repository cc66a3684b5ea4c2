"""Why a message of a platform is not taken: a code, what happened, and what to do, for whoever sees it.

The operator's log says the code and the detail, which is never shown: it may quote what was sent.
"""

from __future__ import annotations

from enum import StrEnum

from lms.errors import Invalid, Said
from lms.outgoing import ForbiddenAddress, NotAsked


class Code(StrEnum):
    """Stable: guides and support name them. 0x: a platform that we know; 1x: a sign-in that begins; 2x: its token; 3x:
    what the token says; 4x: addresses that are asked."""

    UNKNOWN_PLATFORM = "LTI01"
    NOT_APPROVED = "LTI02"
    SEVERAL_CLIENTS = "LTI03"
    UNKNOWN_DEPLOYMENT = "LTI04"
    BESIDE_HOST = "LTI05"
    BAD_LOGIN = "LTI10"
    TARGET_ELSEWHERE = "LTI11"
    UNKNOWN_STATE = "LTI12"
    OTHER_BROWSER = "LTI13"
    PLATFORM_ERROR = "LTI14"
    TOKENLESS = "LTI20"
    MALFORMED = "LTI21"
    ALGORITHM = "LTI22"
    UNKNOWN_KEY = "LTI23"
    SIGNATURE = "LTI24"
    ISSUER = "LTI25"
    AUDIENCE = "LTI26"
    EXPIRED = "LTI27"
    NOT_YET = "LTI28"
    NONCE = "LTI29"
    USED = "LTI30"
    VERSION = "LTI31"
    MESSAGE = "LTI32"
    CLAIM = "LTI33"
    NOT_OURS = "LTI34"
    CLOSED_ACCOUNT = "LTI35"
    NAMELESS = "LTI36"
    FORBIDDEN_ADDRESS = "LTI40"
    UNREACHABLE = "LTI41"
    BAD_PLATFORM = "LTI42"


_AGAIN = Said("Kembali ke kursus di platform Anda, lalu buka kegiatan ini sekali lagi.")
_ASK = Said("Sampaikan kode ini kepada pengelola platform Anda.")

#: What happened; what to do.
_WORDS: dict[Code, tuple[Said, Said]] = {
    Code.UNKNOWN_PLATFORM: (Said("Platform ini belum terdaftar di sini."), _ASK),
    Code.NOT_APPROVED: (
        Said("Pendaftaran platform ini belum disetujui pengelola di sini."),
        Said("Tunggu persetujuannya, lalu buka lagi."),
    ),
    Code.SEVERAL_CLIENTS: (Said("Platform ini terdaftar lebih dari sekali dan tidak menyebut yang mana."), _ASK),
    Code.UNKNOWN_DEPLOYMENT: (Said("Pemasangan di platform ini belum dikenal di sini."), _ASK),
    Code.BESIDE_HOST: (
        Said("Di sini orang masuk lewat portal, jadi pelatihan ini tidak dibuka dari platform lain."),
        Said("Masuk di portal itu, lalu buka pelatihan ini dari sana."),
    ),
    Code.BAD_LOGIN: (Said("Platform Anda tidak mengirim semua yang diperlukan untuk masuk."), _ASK),
    Code.TARGET_ELSEWHERE: (Said("Kegiatan ini menunjuk alamat di luar situs ini."), _ASK),
    Code.UNKNOWN_STATE: (Said("Pembukaan ini sudah terlalu lama, atau tidak dimulai dari sini."), _AGAIN),
    Code.OTHER_BROWSER: (
        Said("Peramban ini tidak menyimpan tanda bahwa Anda yang membukanya."),
        Said("Buka kegiatan ini di tab baru, atau izinkan kuki untuk situs ini."),
    ),
    Code.PLATFORM_ERROR: (Said("Platform Anda membatalkan pembukaan ini."), _AGAIN),
    Code.TOKENLESS: (Said("Platform Anda tidak mengirim tanda masuk."), _AGAIN),
    Code.MALFORMED: (Said("Tanda masuk dari platform Anda tidak dapat dibaca."), _ASK),
    Code.ALGORITHM: (Said("Tanda masuk dari platform Anda ditandatangani dengan cara yang tidak diterima."), _ASK),
    Code.UNKNOWN_KEY: (Said("Kunci penanda tangan platform Anda tidak dikenal."), _ASK),
    Code.SIGNATURE: (Said("Tanda tangan pada tanda masuk tidak cocok dengan kunci platform Anda."), _ASK),
    Code.ISSUER: (Said("Tanda masuk ini dibuat oleh platform lain."), _ASK),
    Code.AUDIENCE: (Said("Tanda masuk ini dibuat untuk alat lain."), _ASK),
    Code.EXPIRED: (Said("Tanda masuk ini sudah kedaluwarsa."), _AGAIN),
    Code.NOT_YET: (Said("Menurut jam di sini, tanda masuk ini dibuat di waktu yang belum tiba."), _ASK),
    Code.NONCE: (Said("Tanda masuk ini bukan jawaban atas pembukaan ini."), _AGAIN),
    Code.USED: (Said("Tanda masuk ini sudah dipakai."), _AGAIN),
    Code.VERSION: (Said("Platform Anda memakai versi LTI yang tidak didukung; yang didukung 1.3."), _ASK),
    Code.MESSAGE: (Said("Jenis pesan LTI ini tidak didukung."), _ASK),
    Code.CLAIM: (Said("Keterangan yang diperlukan tidak ada pada tanda masuk, atau tidak dapat dibaca."), _ASK),
    Code.NOT_OURS: (Said("Yang dibuka tidak ada di sini, atau sudah tidak ada."), _ASK),
    Code.CLOSED_ACCOUNT: (
        Said("Akun Anda di sini sudah ditutup."),
        Said("Hubungi pengelola situs ini bila itu keliru."),
    ),
    Code.NAMELESS: (
        Said("Platform Anda tidak menyebut siapa Anda, jadi kuis tidak dapat dikerjakan."),
        Said("Minta pengelola platform Anda mengizinkan pengenal peserta dikirim ke situs ini."),
    ),
    Code.FORBIDDEN_ADDRESS: (Said("Alamat yang didaftarkan platform ini tidak boleh dihubungi dari sini."), _ASK),
    Code.BAD_PLATFORM: (Said("Keterangan platform ini tentang dirinya tidak lengkap atau tidak cocok."), _ASK),
    Code.UNREACHABLE: (Said("Platform Anda tidak dapat dihubungi dari sini."), _AGAIN),
}


class LaunchRefused(Invalid):
    """``detail``: for the log alone."""

    def __init__(self, code: Code, detail: str = "") -> None:
        self.code, self.detail = code, detail
        self.cause, self.step = _WORDS[code]
        super().__init__(Said.joined([self.cause, self.step]))


def not_asked(error: NotAsked) -> LaunchRefused:
    """What a request that we made of a platform came to."""
    code = Code.FORBIDDEN_ADDRESS if isinstance(error, ForbiddenAddress) else Code.UNREACHABLE
    return LaunchRefused(code, error.detail)
