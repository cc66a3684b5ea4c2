"""What a launch says, and the ninety-six ways in which one is refused."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from lms.features.lti import protocol
from lms.features.lti.protocol import Context, Grades, Message, Person, ResourceLink
from lms.features.lti.refusals import Code, LaunchRefused
from tests.conftest import NOON
from tests.features.lti.platform import (
    CLIENT,
    DEEP_LINKING,
    GONE,
    GRADES,
    HERE,
    ISSUER,
    LEARNER,
    LTI,
    NONCE,
    ROSTER,
    Login,
    by_secret,
    claims,
    raw,
    registration,
    token,
)


def read(text: str, **known: Any) -> protocol.Launch:
    return protocol.read(text, registration(**known), nonce=NONCE, here=HERE, now=NOON)


def test_a_launch_says_who_comes_from_where_and_for_what() -> None:
    found = read(
        token(
            claims(
                NOON,
                {
                    "roles": [LEARNER, "Instructor"],
                    "custom": {"quiz": "pecahan", "unknown": 7},
                    "locale": "id-ID",
                    "launch_presentation": {"return_url": "https://lms.example.go.id/kembali"},
                    GRADES: {"scope": ["a", "b"], "lineitems": "https://lms.example.go.id/nilai?type_id=2"},
                    ROSTER: {"context_memberships_url": "https://lms.example.go.id/anggota"},
                },
            )
        )
    )
    assert (found.message, found.issuer, found.client_id, found.deployment) == (
        Message.RESOURCE_LINK,
        ISSUER,
        CLIENT,
        "1",
    )
    assert found.person == Person("peserta-7", "Ada", "id-ID")
    assert found.roles == {LEARNER, LEARNER.replace("Learner", "Instructor")}
    assert found.target == f"{HERE}/kuis/pecahan"
    assert found.link == ResourceLink("tautan-3", "Kuis pecahan")
    assert found.context == Context("kelas-9", "Latsar 2026")
    assert found.custom == {"quiz": "pecahan"}
    assert found.grades == Grades(frozenset({"a", "b"}), "https://lms.example.go.id/nilai?type_id=2", None)
    assert found.roster == "https://lms.example.go.id/anggota"
    assert found.return_url == "https://lms.example.go.id/kembali"


#: What platforms leave out or say otherwise, and are right to.
SOUND: dict[str, dict[str, Any]] = {
    "an audience in a list": {"aud": [CLIENT]},
    "several, and the party among them": {"aud": [CLIENT, "lain"], "azp": CLIENT},
    "nobody": {"sub": GONE, "name": GONE},
    "no roles": {"roles": []},
    "no list of roles": {"roles": GONE},
    "no course": {"context": GONE},
    "a name in parts": {"name": GONE, "given_name": "Ada", "family_name": "Lovelace"},
    "a name that no database holds": {"name": "A\0da", "locale": "\0"},
    "a course's title that no database holds": {"context": {"id": "kelas-9", "title": "Lat\0sar"}},
    "a clock that is ten seconds ahead": {"iat": NOON.timestamp() + 9, "exp": NOON.timestamp() + 60},
    "a clock that is ten seconds behind": {"exp": NOON.timestamp() - 9},
    "the site itself": {"target_link_uri": HERE},
    "a number that is no whole one": {"exp": NOON.timestamp() + 60.5},
}


@pytest.mark.parametrize("changed", SOUND.values(), ids=SOUND)
def test_what_a_platform_may_leave_out_or_say_otherwise_is_no_reason_to_refuse(changed: dict[str, Any]) -> None:
    assert read(token(claims(NOON, changed))).link


def test_what_is_placed_in_a_course_is_asked_for_without_a_link() -> None:
    settings = {
        "deep_link_return_url": "https://lms.example.go.id/pilih?type_id=2",
        "accept_types": ["link", "ltiResourceLink"],
        "accept_multiple": True,
        "data": "csrf=1",
    }
    changed = {"message_type": "LtiDeepLinkingRequest", "resource_link": GONE, "target_link_uri": GONE}
    found = read(token(claims(NOON, {**changed, DEEP_LINKING: settings})))
    assert found.target == HERE
    assert found.deep_linking == protocol.DeepLinking(settings["deep_link_return_url"], True, True, "csrf=1")  # type: ignore[arg-type]
    one = read(token(claims(NOON, {**changed, DEEP_LINKING: {**settings, "accept_multiple": "ya", "data": 1}})))
    assert one.deep_linking == protocol.DeepLinking(settings["deep_link_return_url"], False, True, None)  # type: ignore[arg-type]


def test_a_review_says_whose_submission_it_is_about() -> None:
    changed = {"message_type": "LtiSubmissionReviewRequest", "for_user": {"user_id": "peserta-9"}}
    assert read(token(claims(NOON, changed))).about == "peserta-9"


# --- what is refused ------------------------------------------------------------------------------------------------


#: What makes a token that answers a login.
Made = Callable[[Login], str]


def said(**changed: Any) -> Made:
    """A token that is signed as it should be, and says something else; times are told from when it is made."""
    return lambda to: token(
        to.claims({name: value(to.now.timestamp()) if callable(value) else value for name, value in changed.items()})
    )


def _escaped(**changed: Any) -> Made:
    """The same in JSON that says with escapes what is no letter."""
    return lambda to: raw({}, json.dumps(to.claims(changed)).encode())


def _deep(**settings: Any) -> Made:
    whole = {"deep_link_return_url": f"{ISSUER}/pilih", "accept_types": ["ltiResourceLink"], **settings}
    given = {name: value for name, value in whole.items() if value is not GONE}
    return said(message_type="LtiDeepLinkingRequest", resource_link=GONE, **{DEEP_LINKING: given})


def _unsigned(header: dict[str, Any], ending: str = "") -> Made:
    return lambda to: _parts(header, to.claims()) + ending


def _parts(*parts: dict[str, Any]) -> str:
    return "".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() + "." for part in parts)


def _changed_afterwards(to: Login) -> str:
    head, _body, signature = token(to.claims()).split(".")
    other = base64.urlsafe_b64encode(json.dumps(to.claims({"sub": "peserta-8"})).encode()).rstrip(b"=").decode()
    return f"{head}.{other}.{signature}"


def _nested(_to: Login) -> str:
    return f"{base64.urlsafe_b64encode(b'[' * 30_000).decode()}.e30.aa"


REFUSED: dict[str, tuple[Made, Code]] = {
    # no token
    "nothing": (lambda _: "", Code.TOKENLESS),
    "a word": (lambda _: "token", Code.MALFORMED),
    "two parts": (lambda _: "e30.e30", Code.MALFORMED),
    "four parts": (lambda to: token(to.claims()) + ".aa", Code.MALFORMED),
    "no JSON": (lambda _: "bm8.bm8.bm8", Code.MALFORMED),
    "a list for a header": (lambda _: "W10.e30.aa", Code.MALFORMED),
    "brackets in brackets": (_nested, Code.MALFORMED),
    "letters beyond ASCII": (lambda to: token(to.claims()) + "é", Code.MALFORMED),
    "fifty thousand characters": (said(name="a" * 50_000), Code.MALFORMED),
    "a list for claims": (lambda _: raw({}, b"[]"), Code.MALFORMED),
    "no JSON for claims": (lambda _: raw({}, b"no"), Code.MALFORMED),
    # signed otherwise
    "unsigned": (_unsigned({"alg": "none"}), Code.ALGORITHM),
    "unsigned, in capitals": (_unsigned({"alg": "NONE", "kid": "kunci-1"}), Code.ALGORITHM),
    "no algorithm": (_unsigned({"kid": "kunci-1"}, "aa"), Code.MALFORMED),
    "the public key as a secret": (lambda to: by_secret(to.claims()), Code.ALGORITHM),
    "a longer digest": (_unsigned({"alg": "RS512", "kid": "kunci-1"}, "aa"), Code.ALGORITHM),
    "an algorithm that is none": (_unsigned({"alg": 256, "kid": "kunci-1"}, "aa"), Code.ALGORITHM),
    "no key": (lambda to: token(to.claims(), id=None), Code.UNKNOWN_KEY),
    "an unknown key": (lambda to: token(to.claims(), id="kunci-2"), Code.UNKNOWN_KEY),
    "a key that is a number": (_unsigned({"alg": "RS256", "kid": 1}, "aa"), Code.UNKNOWN_KEY),
    "a key that brings itself": (
        lambda _: raw({"kid": "baru", "jwk": {"kty": "RSA", "n": "AQAB", "e": "AQAB"}}, b"{}"),
        Code.UNKNOWN_KEY,
    ),
    "a key elsewhere": (lambda _: raw({"kid": "baru", "jku": "https://evil.example/k"}, b"{}"), Code.UNKNOWN_KEY),
    "a short key": (lambda to: token(to.claims(), id="pendek"), Code.UNKNOWN_KEY),
    "a key that is no key": (lambda to: token(to.claims(), id="ganjil"), Code.UNKNOWN_KEY),
    "a key that is a secret": (lambda to: token(to.claims(), id="rahasia"), Code.UNKNOWN_KEY),
    "another's key under this name": (lambda to: token(to.claims(), signed_by="kunci-9"), Code.SIGNATURE),
    "changed after it was signed": (_changed_afterwards, Code.SIGNATURE),
    "a signature cut off": (lambda to: token(to.claims()).rpartition(".")[0] + ".", Code.SIGNATURE),
    "a signature of one byte": (lambda to: token(to.claims()).rpartition(".")[0] + ".aa", Code.SIGNATURE),
    "a rule we do not know": (lambda to: raw({"crit": ["exp"]}, json.dumps(to.claims()).encode()), Code.SIGNATURE),
    # by whom and for whom
    "another platform": (said(iss="https://evil.example"), Code.ISSUER),
    "the platform with a slash": (said(iss=ISSUER + "/"), Code.ISSUER),
    "no platform": (said(iss=GONE), Code.ISSUER),
    "another tool": (said(aud="lain"), Code.AUDIENCE),
    "no tool": (said(aud=GONE), Code.AUDIENCE),
    "an empty list of tools": (said(aud=[]), Code.AUDIENCE),
    "several tools and no party": (said(aud=[CLIENT, "lain"]), Code.AUDIENCE),
    "several tools and another party": (said(aud=[CLIENT, "lain"], azp="lain"), Code.AUDIENCE),
    "one tool and another party": (said(azp="lain"), Code.AUDIENCE),
    "a tool that is an object": (said(aud={"id": CLIENT}), Code.AUDIENCE),
    # when
    "expired": (said(exp=lambda at: at - 10), Code.EXPIRED),
    "expired long ago": (said(exp=0), Code.EXPIRED),
    "no end": (said(exp=GONE), Code.CLAIM),
    "an end that is a word": (said(exp="besok"), Code.CLAIM),
    "an end that is true": (said(exp=True), Code.CLAIM),
    "an end beyond all time": (said(exp=1e300), Code.CLAIM),
    "made in the future": (said(iat=lambda at: at + 60), Code.NOT_YET),
    "made at no time": (said(iat=GONE), Code.CLAIM),
    # the answer to what we asked
    "another nonce": (said(nonce="lain"), Code.NONCE),
    "no nonce": (said(nonce=GONE), Code.CLAIM),
    "an empty nonce": (said(nonce=""), Code.CLAIM),
    # what it is
    "version 1.1": (said(version="LTI-1p0"), Code.VERSION),
    "no version": (said(version=GONE), Code.VERSION),
    "a version that is a number": (said(version=1.3), Code.VERSION),
    "an unknown message": (said(message_type="LtiStartProctoring"), Code.MESSAGE),
    "no message": (said(message_type=GONE), Code.MESSAGE),
    "a message that is a list": (said(message_type=["LtiResourceLinkRequest"]), Code.MESSAGE),
    "an unknown deployment": (said(deployment_id="2"), Code.UNKNOWN_DEPLOYMENT),
    "no deployment": (said(deployment_id=GONE), Code.CLAIM),
    # what it opens
    "a target elsewhere": (said(target_link_uri="https://evil.example/kuis"), Code.TARGET_ELSEWHERE),
    "a target beside us": (said(target_link_uri=HERE + "-lain/kuis"), Code.TARGET_ELSEWHERE),
    "a target above us": (said(target_link_uri="https://latsar.example.go.id/"), Code.TARGET_ELSEWHERE),
    "a target without TLS": (said(target_link_uri=HERE.replace("https", "http")), Code.TARGET_ELSEWHERE),
    "a target at another port": (
        said(target_link_uri="https://latsar.example.go.id:8443/belajar"),
        Code.TARGET_ELSEWHERE,
    ),
    "a target at no port": (said(target_link_uri="https://latsar.example.go.id:x/belajar"), Code.TARGET_ELSEWHERE),
    "our name before another's": (
        said(target_link_uri=HERE.replace("/belajar", "@evil.example/belajar")),
        Code.TARGET_ELSEWHERE,
    ),
    "a script": (said(target_link_uri="javascript:alert(1)"), Code.TARGET_ELSEWHERE),
    "a backslash": (said(target_link_uri=HERE + "\\@evil.example"), Code.TARGET_ELSEWHERE),
    "no target": (said(target_link_uri=GONE), Code.CLAIM),
    "no link": (said(resource_link=GONE), Code.CLAIM),
    "a link without an id": (said(resource_link={"title": "Kuis"}), Code.CLAIM),
    "a link that is a word": (said(resource_link="tautan-3"), Code.CLAIM),
    "a course without an id": (said(context={}), Code.CLAIM),
    "roles that are a word": (said(roles=LEARNER), Code.CLAIM),
    "a role that is a number": (said(roles=[1]), Code.CLAIM),
    "a person that is a number": (said(sub=7), Code.CLAIM),
    "a person without a letter": (said(sub=""), Code.CLAIM),
    "a person of 300 letters": (said(sub="a" * 300), Code.CLAIM),
    "a person whom no database holds": (said(sub="peserta\0-7"), Code.CLAIM),
    "a person with half a letter": (_escaped(sub="peserta-\ud83d"), Code.CLAIM),
    "a course of 300 letters": (said(context={"id": "a" * 300}), Code.CLAIM),
    "a course that no database holds": (said(context={"id": "kelas\0"}), Code.CLAIM),
    "a link of 300 letters": (said(resource_link={"id": "a" * 300}), Code.CLAIM),
    "a link that no database holds": (_escaped(resource_link={"id": "tautan\ud83d"}), Code.CLAIM),
    # services
    "a grade service by script": (said(**{GRADES: {"scope": [], "lineitems": "javascript:1"}}), Code.CLAIM),
    "a grade service that is a list": (said(**{GRADES: []}), Code.CLAIM),
    "a grade service at no address": (said(**{GRADES: {"scope": [], "lineitem": "https://[x"}}), Code.CLAIM),
    "a grade service that no database holds": (
        said(**{GRADES: {"scope": [], "lineitem": "https://x/\0"}}),
        Code.CLAIM,
    ),
    "a scope that no database holds": (_escaped(**{GRADES: {"scope": ["a\ud83d"]}}), Code.CLAIM),
    "scopes that are a word": (said(**{GRADES: {"scope": "semua"}}), Code.CLAIM),
    "a roster in a file": (said(**{ROSTER: {"context_memberships_url": "file:///etc/passwd"}}), Code.CLAIM),
    "a choice without a way back": (_deep(deep_link_return_url=GONE), Code.CLAIM),
    "a choice that leads to a script": (_deep(deep_link_return_url="javascript:alert(1)"), Code.CLAIM),
    "a choice that takes no links": (_deep(accept_types=["html"]), Code.CLAIM),
    "a choice without settings": (said(message_type="LtiDeepLinkingRequest"), Code.CLAIM),
    "a review of nobody": (said(message_type="LtiSubmissionReviewRequest"), Code.CLAIM),
}


@pytest.mark.parametrize(("made", "code"), REFUSED.values(), ids=REFUSED)
def test_a_launch_that_is_not_sound_is_refused_and_says_why(made: Made, code: Code) -> None:
    with pytest.raises(LaunchRefused) as refused:
        read(made(Login(NOON, NONCE)))
    assert refused.value.code is code, refused.value.detail
    assert refused.value.cause
    assert refused.value.step


def test_a_key_is_asked_for_by_its_name_before_anything_is_believed() -> None:
    assert protocol.key_of(token(claims(NOON), id="kunci-7")) == "kunci-7"


def test_without_a_nonce_of_our_own_nothing_is_an_answer() -> None:
    with pytest.raises(LaunchRefused):
        protocol.read(token(claims(NOON, {"nonce": ""})), registration(), nonce="", here=HERE, now=NOON)


def test_a_token_may_be_as_old_as_it_says_and_not_older() -> None:
    made = token(claims(NOON))
    late = NOON + timedelta(seconds=60 + protocol.LEEWAY)
    protocol.read(made, registration(), nonce=NONCE, here=HERE, now=late - timedelta(seconds=1))
    with pytest.raises(LaunchRefused):
        protocol.read(made, registration(), nonce=NONCE, here=HERE, now=late)


def test_a_token_may_be_made_as_much_later_as_clocks_differ_and_no_more() -> None:
    read(said(iat=lambda at: at + protocol.LEEWAY)(Login(NOON, NONCE)))
    with pytest.raises(LaunchRefused):
        read(said(iat=lambda at: at + protocol.LEEWAY + 1)(Login(NOON, NONCE)))


def test_an_address_of_the_claims_is_no_part_of_the_names() -> None:
    assert all(name.startswith("https://") for name in (LTI, GRADES, ROSTER, DEEP_LINKING))
