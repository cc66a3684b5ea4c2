"""What we ask of a platform on our own account: tokens, scores, line items, rosters (AGS 2.0, NRPS 2.0).

No SQL. What a platform answers is taken apart here and nowhere else; what it refuses becomes one sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit, urlunsplit
from uuid import UUID, uuid4

from lms.errors import Conflict, Said
from lms.features.lti import messages, roles
from lms.features.lti.claims import is_address
from lms.features.lti.messages import MediaType, Scope
from lms.fields.typed import storable, typed
from lms.learning.api import offered_scores, platform_keys, platform_rosters
from lms.outgoing import Answer, NotAsked, Outgoing

#: A token is not used any more so long before it ends.
SPARE = timedelta(seconds=60)
#: Pages of a list that are followed, and people of a roster.
MOST_PAGES, MOST_PEOPLE = 500, 50_000
#: The longest time a platform may ask to be left alone.
LONGEST_WAIT = timedelta(days=1)

_AWAY = Said("Platform tidak dapat dihubungi, atau sedang tidak melayani.")
_NO_TOKEN = Said(
    "Platform tidak memberi izin kepada situs ini. Minta pengelola platform memeriksa alamat kunci publik dan layanan "
    "nilai di pendaftarannya."
)
#: Status -> what it means of a score.
_REFUSALS = {
    400: Said("Platform menolak nilai ini: orang ini tidak, atau tidak lagi, dapat dinilai di kursus itu."),
    403: Said("Platform tidak mengizinkan: orang ini sudah keluar dari kursus, atau situs ini tidak boleh menilainya."),
    404: Said("Butir nilai ini, atau orang ini, tidak ada lagi di platform."),
    409: Said("Platform sudah menyimpan nilai yang lebih baru untuk orang ini."),
}
_OTHERWISE = Said("Platform menolak nilai ini tanpa alasan yang dikenal.")


class Away(Conflict):
    """A platform that serves nobody now, or not us. ``wait``: as long as it asks to be left alone."""

    def __init__(self, said: Said = _AWAY, *, wait: timedelta | None = None, detail: str = "") -> None:
        self.wait, self.detail = wait, detail
        super().__init__(said)


class Broken(Conflict):
    """A list that cannot be used: nothing is changed by it."""

    message = "Daftar dari platform ini kosong atau tidak dapat dibaca, jadi tidak ada yang diubah."


@dataclass(frozen=True, slots=True)
class LineItem:
    """A column of a gradebook."""

    url: str
    maximum: float | None
    link: str
    resource: str
    tag: str


#: By registration and scopes: a token, and until when it is used.
Tokens = dict[tuple[UUID, frozenset[Scope]], tuple[str, datetime]]


@dataclass
class Services:
    """The services of all platforms, with the tokens that they gave. ``key``: what signs today. For one thread."""

    outgoing: Outgoing
    key: Callable[[], platform_keys.SigningKey]
    now: Callable[[], datetime]
    tokens: Tokens = field(default_factory=dict)

    def ask_leave(self, platform: Any, scopes: set[Scope]) -> None:
        """Whether the platform knows our signature and lets us do this. Raises ``Away``."""
        self._token(platform, frozenset(scopes), anew=True)

    # --- scores

    def post_score(self, platform: Any, offer: offered_scores.Offer) -> offered_scores.Refusal | None:
        """None: the platform has it. Raises ``Away``."""
        score = messages.Score(offer.subject, offer.points, offer.maximum, offer.at)
        canvas = platform.product.lower().startswith("canvas")
        body = score.body(messages.CANVAS if canvas else None)
        url = messages.scores_url(offer.url)
        answer = self._ask(platform, "POST", url, {Scope.SCORE}, said=body, headers={"Content-Type": MediaType.SCORE})
        if answer.ok or (answer.status == 409 and offer.again):  # the time it knows already is that of this very score
            return None
        sentence = _REFUSALS.get(answer.status, _OTHERWISE)
        return offered_scores.Refusal(
            offer, sentence.template, anew=answer.status == 409, wait=_wait(answer, now=self.now())
        )

    # --- line items

    def line_items(self, platform: Any, url: str, link: str = "", *, only_read: bool = False) -> Iterator[LineItem]:
        """The line items of a course that are ours to see; ``link``: of one place in it only.

        ``only_read``: no more is allowed there. Raises ``Away`` or ``Broken``.
        """
        # Moodle wants the narrower scope named beside the wider one
        scopes = {Scope.LINE_ITEM_READ} if only_read else {Scope.LINE_ITEM, Scope.LINE_ITEM_READ}
        asked = _with(url, {"resource_link_id": link}) if link else url
        for page in self._pages(platform, asked, scopes, MediaType.LINE_ITEMS):
            if not isinstance(page, list):
                raise Broken
            for one in page:
                if isinstance(one, dict) and is_address(one.get("id")):
                    yield LineItem(
                        one["id"], _number(one.get("scoreMaximum")), *(_text(one.get(name)) for name in _NAMED)
                    )

    def line_item(
        self, platform: Any, url: str, *, link: str, resource: str, only_read: bool = False
    ) -> LineItem | None:
        """Where scores of a link go, of however many there are; None: nowhere, or nobody can say.

        The one that names the link and what is ours in it, else what is ours, else the only one that names the link.
        """
        found = [one for one in self.line_items(platform, url, link, only_read=only_read) if one.link in ("", link)]
        ours = [one for one in found if one.resource == resource or one.tag == resource]
        at_link = [one for one in found if one.link == link]
        for chosen in ([one for one in ours if one.link == link], ours, at_link):
            if len(chosen) == 1:
                return chosen[0]
        return None

    # --- rosters

    def roster(self, platform: Any, url: str) -> list[platform_rosters.Listed]:
        """Everybody, also who left. Raises ``Away`` or ``Broken``; an empty list is broken."""
        found: dict[str, platform_rosters.Listed] = {}
        for page in self._pages(platform, url, {Scope.ROSTER}, MediaType.ROSTER):
            members = page.get("members") if isinstance(page, dict) else None
            if not isinstance(members, list):
                raise Broken
            for one in members:
                listed = _listed(one)
                found[listed.subject] = listed
            if len(found) > MOST_PEOPLE:
                raise Broken
        if not any(one.active for one in found.values()):
            raise Broken
        return list(found.values())

    # --- how they are asked

    def _pages(self, platform: Any, url: str, scopes: set[Scope], accept: str) -> Iterator[Any]:
        """Page by page, of the same server only: a token is no one else's to see."""
        server, asked = urlsplit(url)[:2], set[str]()
        following: str | None = url
        while following:
            if following in asked or len(asked) >= MOST_PAGES or urlsplit(following)[:2] != server:
                raise Broken
            asked.add(following)
            answer = self._ask(platform, "GET", following, scopes, headers={"Accept": accept})
            if not answer.ok:
                raise Away(_NO_TOKEN if answer.status == 403 else _AWAY, detail=f"{answer.status} {following}")
            try:
                yield answer.json()
            except NotAsked as error:
                raise Broken from error
            link = messages.next_page(answer.headers.get("link", ""))
            following = _joined(following, link) if link else None

    def _ask(
        self,
        platform: Any,
        method: str,
        url: str,
        scopes: set[Scope],
        *,
        headers: Mapping[str, str],
        said: object = None,
    ) -> Answer:
        """Once more with a new token where the platform does not take the one that we have. Raises ``Away``."""
        for anew in (False, True):
            told = {**headers, "Authorization": f"Bearer {self._token(platform, frozenset(scopes), anew=anew)}"}
            try:
                if method == "GET":
                    answer = self.outgoing.get(url, told)
                else:
                    answer = self.outgoing.send(method, url, said, told)
            except NotAsked as error:
                raise Away(detail=error.detail) from error
            if answer.status != 401:
                break
        else:
            raise Away(_NO_TOKEN, detail=f"401 {url}")
        if answer.status == 429 or answer.status >= 500:
            raise Away(wait=_wait(answer, now=self.now()), detail=f"{answer.status} {url}")
        return answer

    def _token(self, platform: Any, scopes: frozenset[Scope], *, anew: bool) -> str:
        """Raises ``Away``."""
        held = self.tokens.get((platform.id, scopes))
        if held and not anew and held[1] > self.now():
            return held[0]
        now = self.now()
        claims = messages.assertion(
            platform.client_id, platform.audience or platform.token_url, id=uuid4().hex, now=now
        )
        try:
            answer = self.outgoing.post_form(platform.token_url, messages.token_form(self.key().sign(claims), scopes))
            if answer.status == 429 or answer.status >= 500:
                raise Away(wait=_wait(answer, now=now), detail=f"{answer.status} {platform.token_url}")
            said = answer.json() if answer.ok else {}
        except NotAsked as error:
            raise Away(detail=error.detail) from error
        token = said.get("access_token") if isinstance(said, dict) else None
        if not isinstance(token, str) or not 0 < len(token) <= 8_000 or not token.isascii() or not token.isprintable():
            raise Away(_NO_TOKEN, detail=f"{answer.status} {platform.token_url}")
        lasts = _number(said.get("expires_in"))
        self.tokens[platform.id, scopes] = (token, now + timedelta(seconds=min(lasts or 3600.0, 86_400.0)) - SPARE)
        return token


_NAMED = ("resourceLinkId", "resourceId", "tag")
_MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership#"


def _listed(said: object) -> platform_rosters.Listed:
    """One member of a page. Raises ``Broken``: half a roster would make people leave who did not."""
    subject = said.get("user_id") if isinstance(said, dict) else None
    if not isinstance(said, dict) or not isinstance(subject, str) or not 0 < len(subject) <= 255:
        raise Broken
    if not storable(subject):
        raise Broken
    held = said.get("roles")
    named = [one for one in held if isinstance(one, str)] if isinstance(held, list) else []
    place = roles.place([one if ":" in one else _MEMBERSHIP + one for one in named])
    parts = (_text(said.get(name)) for name in ("given_name", "family_name"))
    name = _text(said.get("name")) or " ".join(filter(None, parts))
    active = _text(said.get("status")).rpartition("#")[2].lower() in ("", "active")
    return platform_rosters.Listed(subject, name, place, active)


def _joined(page: str, link: str) -> str:
    """Raises ``Broken``."""
    try:
        urlsplit(found := urljoin(page, link))
    except ValueError as error:
        raise Broken from error
    return found


def _text(value: object) -> str:
    return typed(value) if isinstance(value, str) else ""


def _number(value: object) -> float | None:
    """A number above 0, else None."""
    known = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if known and 0 < value < 1e9 else None  # type: ignore[arg-type,operator]


def _with(url: str, more: Mapping[str, str]) -> str:
    """What the address asks for already stays: Moodle's has a query."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(query="&".join(filter(None, [parts.query, urlencode(more)]))))


def _wait(answer: Answer, *, now: datetime) -> timedelta | None:
    """``Retry-After``: seconds, or a date (RFC 9110, 10.2.3)."""
    said = answer.headers.get("retry-after", "").strip()
    if said.isdecimal() and said.isascii():
        return min(timedelta(seconds=min(int(said[:9]), 10**8)), LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(said)
    except ValueError:
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(max(until - now, timedelta()), LONGEST_WAIT)
