"""How a text falls into words, and which of them are one word: the only file that knows the stemmer."""

from __future__ import annotations

import re
import threading
import unicodedata
from functools import lru_cache

import snowballstemmer

#: Letters and digits; a hyphen parts words, so that ``nilai-nilai`` is ``nilai`` and never reaches the stemmer whole.
_WORD = re.compile(r"[^\W_]+")
_FEWEST = 4  # letters that a word has before affixes are looked for


def normal(text: str) -> str:
    """As it is compared: without regard to case and to how a character is put together."""
    return unicodedata.normalize("NFKC", text).casefold()


def words(text: str) -> list[str]:
    """The words of a text in order, as they are compared; those that say nothing of its subject are left out."""
    return [word for word in _WORD.findall(normal(text)) if word not in EMPTY]


_STEMMER = snowballstemmer.stemmer("indonesian")
_ONE_AT_A_TIME = threading.Lock()  # it keeps the word it works on


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """What is left of a word without its affixes: ``pelaporan``, ``melapor`` and ``laporan`` are all ``lapor``.

    It takes some words for others (``beruang``, a bear, is ``uang``, money), so whoever uses stems ranks the very word
    higher; ``tests/search/test_words.py`` keeps a list.
    """
    if len(word) < _FEWEST or not word.isalpha():
        return word
    with _ONE_AT_A_TIME:
        return str(_STEMMER.stemWord(word))


#: Words that a sentence needs and its subject does not, those of questions among them.
EMPTY = frozenset(
    _WORD.findall(
        "ada adakah adalah agar akan anda antara apa apabila apakah atas atau bagaimana bagaimanakah bagi bahwa beda "
        "bedanya berapa berapakah bila bisa bisakah boleh bolehkah cara caranya dan dapat dapatkah dari daripada "
        "dengan di dia dimana gimana hanya harus haruskah ia ialah ini itu jadi jangan jelaskan jika juga kah kalau "
        "kami kapan karena kata ke kenapa kepada kita lah lagi maka maksud mana manakah masih mengapa menjadi menurut "
        "mereka nya oleh pada para perbedaan pun saat saja saya sebagai sebuah sebutkan secara sedang seorang seperti "
        "serta setelah siapa siapakah sudah suatu supaya tanpa telah tentang terhadap tersebut tetapi tiap tidak untuk "
        "yaitu yakni yang"
    )
)
