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
    "Q006": "judul tingkat satu bukan `# Bagian: …`, atau berada dalam blok latihan",
    "Q007": "kunci atau nilai tampak selagi kuis dikerjakan (peringatan)",
    "Q008": "jawaban soal berada di atas judul soal yang pertama",
    "Q009": "kunci tampak selagi masih ada percobaan dengan soal yang sama (peringatan)",
    # the head of a question, a section or a passage
    "Q010": "soal, bagian atau bacaan belum punya id",
    "Q011": "bentuk id soal, bagian atau bacaan keliru",
    "Q012": "id soal, bagian atau bacaan dipakai dua kali",
    "Q013": "judul soal, bagian atau bacaan kosong",
    "Q014": "isian di bawah judul tidak dikenal",
    "Q015": "teks langsung di bawah judul tanpa baris kosong",
    "Q016": "isian di bawah judul ditulis dua kali",
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
    "Q037": "blok bertanda tidak berlaku untuk jenis soal ini",
    # options
    "Q040": "belum ada jawaban benar",
    "Q041": "lebih dari satu jawaban benar pada soal berjawaban tunggal",
    "Q042": "opsi, butir atau pilihan kurang dari dua",
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
    "Q054": "jawaban hanya berisi `*`",
    "Q055": "jawaban soal angka bukan angka",
    "Q056": "rentang angka terbalik",
    "Q057": "angka bertitik dapat dibaca sebagai ribuan (peringatan)",
    # what makes a question good
    "Q060": "pembahasan belum ada (peringatan)",
    "Q061": "umpan balik belum ada (peringatan)",
    "Q062": "tingkat kognitif C1–C6 belum ada dalam tags (peringatan)",
    # sections, passages, draws
    "Q070": "batas lulus (pass) bagian tidak dapat dibaca atau tidak dapat dicapai",
    "Q071": "bagian belum memuat soal",
    "Q072": "bacaan (for) menunjuk soal yang tidak ada di bagiannya",
    "Q073": "satu soal masuk dua bacaan",
    "Q074": "bacaan belum punya teks",
    "Q075": "undian (draw) menunjuk bagian yang tidak ada",
    "Q076": "bank soal terlalu kecil untuk undian",
    "Q077": "poin berbeda dalam satu undian (peringatan)",
    "Q078": "satu id dipakai dua soal dalam bank (peringatan)",
    # weights, pairs, orders
    "Q080": "bobot poin dan persen bercampur",
    "Q081": "bobot di luar batas",
    "Q082": "tidak ada jawaban yang bernilai penuh",
    "Q084": "baris pasangan tanpa `=>`",
    "Q085": "pasangan tanpa pilihan di sebelah kanan",
    "Q087": "id membocorkan kunci (peringatan)",
    # gaps and essays
    "Q090": "celah berisi jawaban kosong",
    "Q091": "menu dalam celah tidak memuat tepat satu jawaban benar",
    "Q092": "celah `{{` tidak ditutup",
    "Q093": "kode dalam soal mirip tanda celah",
    "Q095": "pedoman penilaian (rubric) belum ada (peringatan)",
}
