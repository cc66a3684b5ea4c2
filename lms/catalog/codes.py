"""The mistakes of a pack that neither fields, markup nor quiz can see, one line each.

C the pack and its course, M modules, L lessons, R the register, G the glossary, X references from one file to another.
docs/id/kode-periksa.md explains each.
"""

from __future__ import annotations

from collections.abc import Mapping

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
    "X020": "bagian materi tidak dikenal",
}
