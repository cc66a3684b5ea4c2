"""The mistakes an author can make in a quiz, one line each; docs/id/kode-periksa.md is made from this."""

from __future__ import annotations

from collections.abc import Mapping

CODES: Mapping[str, str] = {
    # the file as a whole
    "Q001": "kuis belum memuat satu soal pun",
    "Q002": "blok latihan dalam materi tidak memuat tepat satu soal",
    "Q003": "batas waktu tidak dapat dibaca",
    "Q004": "aturan tinjauan (review) tidak dikenal",
    "Q005": "catatan penyunting `<!--` tidak ditutup",
    "Q006": "judul tingkat satu dipakai dalam kuis",
    # the head of a question
    "Q010": "soal belum punya id",
    "Q011": "bentuk id soal keliru",
    "Q012": "id soal dipakai dua kali",
    "Q013": "judul soal kosong",
    "Q014": "isian soal tidak dikenal",
    "Q015": "teks langsung di bawah judul tanpa baris kosong",
    "Q016": "isian soal ditulis dua kali",
    "Q017": "isian tidak berlaku untuk jenis soal ini",
    "Q018": "poin bukan angka di atas nol",
    "Q019": "cara penilaian (scoring) tidak dikenal",
    "Q020": "isian case bukan yes atau no",
    "Q021": "jenis soal (type) tidak dikenal",
    "Q022": "rujukan (cites) tidak sesuai bentuknya",
    # the body of a question
    "Q030": "pertanyaannya kosong",
    "Q031": "soal belum punya jawaban",
    "Q032": "dua jenis jawaban bercampur dalam satu soal",
    "Q033": "ada teks sesudah jawaban",
    "Q034": "kutipan umpan balik berada di luar opsi",
    "Q035": "blok bertanda ditulis dua kali",
    "Q036": "nama blok bertanda salah tulis",
    # options
    "Q040": "belum ada jawaban benar",
    "Q041": "lebih dari satu jawaban benar pada soal berjawaban tunggal",
    "Q042": "hanya ada satu opsi",
    "Q043": "opsi tanpa teks",
    "Q044": "opsi tanpa kurung di awalnya",
    "Q045": "id opsi dipakai dua kali",
    "Q046": "tanda dalam kurung kurawal opsi keliru",
    "Q047": "opsi belum punya id (peringatan)",
    # written answers
    "Q050": "jawaban tanpa teks",
    "Q051": "persen jawaban di luar 0–100",
    "Q052": "baris di antara jawaban tidak diawali =",
    "Q053": "jawaban yang sama ditulis dua kali",
    # what makes a question good
    "Q060": "pembahasan belum ada (peringatan)",
    "Q061": "umpan balik belum ada (peringatan)",
    "Q062": "tingkat kognitif C1–C6 belum ada dalam tags (peringatan)",
}
