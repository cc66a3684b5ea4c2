"""What somebody answers who knows more or less of what is asked."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass

from lms.errors import Invalid
from lms.quiz.item import Item, Response
from lms.quiz.quiz import Quiz

Given = Response | None

OMITTED = 0.015  # the share of questions that somebody leaves out
#: What an essay is put together from.
SENTENCES = (
    "Selama sebulan terakhir dua belas dari tiga puluh satu lembar tidak lengkap, padahal semuanya seharusnya terisi.",
    "Akibatnya petugas berikutnya menebak, dan warga dapat dirugikan.",
    "Isu ini didahulukan karena dapat dicegah oleh kami sendiri, tanpa menunggu anggaran.",
    "Buktinya ada pada lembar yang kami kumpulkan setiap pagi bersama atasan.",
    "Menurut saya akar masalahnya adalah isian yang terlalu panjang.",
)


@dataclass(frozen=True, slots=True)
class Crooked:
    """Two questions of a quiz that are not as they should be, as far as the answers tell.

    ``planted``: the able choose ``rival`` instead of its key. ``easy``: nobody misses it. Ids; empty: there is none.
    """

    planted: str = ""
    rival: str = ""
    easy: str = ""


NOTHING = Crooked()


def crooked(quiz: Quiz) -> Crooked:
    """Of its plain questions the first whose third option is not the key, and the one after it."""
    plain = [item for item in quiz.items if is_plain(item)]
    planted = next((item for item in plain if _third(item) not in (item.key() or ())), None)
    if planted is None:
        return NOTHING
    easy = next((item.id for item in plain if item is not planted), "")
    return Crooked(planted.id, _third(planted), easy)


def is_plain(item: Item) -> bool:
    """Whether one of at least four options is right and all others are wrong."""
    return len(item.choices()) >= 4 and len(item.key() or ()) == 1 and not (item.takes_several or item.in_degrees)


def _third(item: Item) -> str:
    return item.choices()[2].id


def given(item: Item, ability: float, rng: random.Random, bent: Crooked, *, able: bool) -> Given:
    """``ability``: in logits; at that of a question it is answered rightly half of the time (Rasch 1960).

    ``able``: whether they belong to the better ones of their cohort.
    """
    key = item.key()
    if key is None:
        return item.accept((" ".join(rng.sample(SENTENCES, rng.randrange(2, len(SENTENCES)))),))
    if item.id == bent.easy:
        return key
    if item.id == bent.planted and rng.random() < (0.9 if able else 0.25):
        return item.accept((bent.rival,))
    if rng.random() < OMITTED:
        return None
    if rng.random() < 1 / (1 + math.exp(_hardness(item) - ability)):
        return key
    return _wrong(item, key, rng)


def _hardness(item: Item) -> float:
    return random.Random(item.id).gauss(0, 0.7)  # noqa: S311 – a story, not a secret


def _wrong(item: Item, key: Response, rng: random.Random) -> Response | None:
    """An answer that earns less than the key; None where none was found."""
    tried = list(_others(item, key))
    rng.shuffle(tried)
    for values in tried:
        try:
            response = item.accept(values)
        except Invalid:
            continue
        if response and not item.doubt(response) and item.mark(response).fraction < 1:
            return response
    return None


def _others(item: Item, key: Response) -> Iterator[Response]:
    """Answers beside the key: what was mixed up, forgotten, chosen instead or besides, or typed."""
    if "=" in key[0]:  # row by row
        for at in range(len(key) - 1):
            (row, _, mine), (next_row, _, other) = key[at].partition("="), key[at + 1].partition("=")
            yield *key[:at], f"{row}={other}", f"{next_row}={mine}", *key[at + 2 :]
        yield key[:-1]
    elif item.choices():
        wrong = [option.id for option in item.choices() if option.id not in key]
        yield from ((id,) for id in wrong)
        if item.takes_several:
            yield from ((*key, id) for id in wrong)
            yield key[:-1]
    else:
        yield from ((str(number),) for number in (3, 12, 30, 45))
