"""Words that the pages of attempts hand to their scripts."""

from __future__ import annotations

from lms.web.words import gettext as _


def flush_words() -> dict[str, str]:
    """What a page says about what waited on this device and is sent from there (``static/flush.js``)."""
    return {
        "sent": _("{quiz}: {n} jawaban yang tertahan di perangkat ini sudah tersimpan di server."),
        "submitted": _("{quiz} sudah dikumpulkan bersama jawaban yang tertahan di perangkat ini."),
        "late": _(
            "{quiz}: waktunya sudah habis. Yang dibuat sebelum tenggat dihitung; hasilnya tampil sesudah ditutup."
        ),
        "older": _(
            "{quiz}: {n} jawaban di perangkat ini berbeda dari jawaban yang lebih baru di server. Pilihlah di sana."
        ),
        "refused": _("{quiz}: {n} jawaban di perangkat ini tidak dapat diterima."),
        "done": _("Yang tertahan di perangkat ini sudah terkirim:"),
        "notDone": _("{label}: yang tertahan di perangkat ini tidak dapat diterima."),
        "open": _("Buka kuis"),
        "seeResult": _("Lihat hasilnya"),
        "download": _("Unduh berkas jawaban"),
        "understood": _("Mengerti"),
    }
