"""The mistakes of a pack that neither fields, markup nor quiz can see, one line each.

C the pack and its course, M modules, L lessons, R the register, G the glossary, X references from one file to another.
docs/id/kode-periksa.md explains each.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lms.fields import Problem, Severity

CODES: Mapping[str, str] = {
    # the pack and its course
    "C001": "berkas content/course.yml belum ada",
    "C002": "id agenda dipakai dua kali",
    "C003": "berkas tidak dapat dibaca atau berupa tautan",
    "C004": "berkas tidak dikenal (peringatan)",
    "C005": "nama berkas kuis keliru",
    "C006": "isi gambar tidak dapat dibaca",
    "C007": "gambar terlalu besar (peringatan)",
    "C008": "gambar tidak dipakai (peringatan)",
    "C010": "pasal inti belum punya materi",
    "C011": "pasal inti belum punya soal kuis",
    "C012": "tanggal belum tiba",
    "C013": "teks contoh belum diganti (peringatan)",
    # modules
    "M001": "nama folder modul keliru",
    "M002": "modul belum punya index.md",
    "M003": "dua modul dalam satu agenda bernomor urut sama (peringatan)",
    "M004": "modul belum memuat materi (peringatan)",
    "M005": "modul belum punya kuis (peringatan)",
    "M006": "modul belum punya tujuan pembelajaran",
    # lessons
    "L001": "nama berkas materi keliru",
    "L002": "dua materi dalam satu modul bernama sama",
    "L003": "dua materi dalam satu modul bernomor sama (peringatan)",
    "L004": "isi materi kosong",
    "L005": "nama lama (aliases) dipakai dua kali",
    "L010": "materi belum punya tujuan pembelajaran",
    "L011": "materi terlalu pendek (peringatan)",
    "L012": "materi terlalu panjang (peringatan)",
    "L013": "materi belum punya cek mandiri (peringatan)",
    "L014": "peraturan yang dicabut dirujuk tanpa penggantinya (peringatan)",
    "L015": "materi belum merujuk pasal (peringatan)",
    # the register
    "R001": "nama berkas peraturan keliru",
    "R002": "penunjuk pasal keliru",
    "R003": "pasal memerlukan label",
    "R004": "peraturan menunjuk dirinya sendiri",
    "R005": "pasal diperiksa terhadap naskah yang tidak disebut",
    "R010": "pencabutan hanya ditulis di satu pihak",
    "R011": "perubahan hanya ditulis di satu pihak",
    "R012": "status tidak cocok dengan pencabutnya",
    "R013": "status tidak cocok dengan perubahannya (peringatan)",
    "R014": "tanggal akhir pada peraturan yang belum dicabut",
    "R015": "tanggal akhir lebih dahulu daripada tanggal mulai",
    "R016": "pasal yang dicabut belum punya padanan (peringatan)",
    "R020": "materi ditinjau sebelum status peraturannya berubah (peringatan)",
    "R021": "soal ditinjau sebelum status peraturannya berubah (peringatan)",
    # the glossary
    "G001": "satu ejaan dipakai oleh dua istilah",
    "G002": "ejaan istilah ditulis dua kali",
    "G003": "arti istilah terlalu panjang (peringatan)",
    "G004": "kata tugas dijadikan istilah (peringatan)",
    # references
    "X001": "peraturan tidak dikenal",
    "X002": "pasal tidak dikenal",
    "X003": "materi tidak dikenal",
    "X004": "kuis tidak dikenal",
    "X005": "istilah tidak dikenal",
    "X006": "gambar tidak dikenal",
    "X007": "id soal dipakai dua kali dalam paket",
    "X008": "agenda tidak dikenal",
    "X009": "modul tidak dikenal",
    "X010": "rujukan menunggu perbaikan berkas yang ditujunya (peringatan)",
    "X011": "tujuan pembelajaran tidak dikenal",
    "X012": "kuis mengikuti dirinya sendiri (after)",
    "X020": "bagian materi tidak dikenal",
}

#: Beginnings of the codes of what keeps a file, or a part of it, from being read.
_UNREAD = ("F", "T", "Q", "C003", "C005", "C006", "L001", "L002", "L004", "M001", "M002")


def unread(problems: Iterable[Problem]) -> frozenset[str]:
    """The files of which something could not be read, so that nothing can be said of what they seem to lack."""
    errors = (problem for problem in problems if problem.severity is Severity.ERROR)
    return frozenset(problem.path for problem in errors if problem.code.startswith(_UNREAD))
