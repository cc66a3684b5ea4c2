"""What we say to platforms, and what they say of themselves: the words of the standards, and the quirks of each."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from lms.db.cohorts import Place
from lms.features.lti import messages, roles
from lms.features.lti.messages import CANVAS, Placed, Scope, Score
from lms.features.lti.protocol import read
from lms.features.lti.refusals import Code, LaunchRefused
from tests.conftest import NOON
from tests.features.lti.platform import (
    DEEP_LINKING,
    GONE,
    HERE,
    ISSUER,
    LEARNER,
    NONCE,
    claims,
    registration,
    token,
)

# --- signing in -----------------------------------------------------------------------------------------------------


def _login(authorization: str, **changed: str) -> dict[str, list[str]]:
    said = {
        "client_id": "latsar-1",
        "redirect": f"{HERE}/lti/masuk",
        "login_hint": "7",
        "message_hint": "",
        "state": "tanda",
        "nonce": "satu",
    }
    url = messages.login_url(authorization, **{**said, **changed})
    assert url.startswith(authorization.partition("?")[0] + "?")
    return parse_qs(urlsplit(url).query)


def test_a_browser_goes_to_the_platform_with_all_that_it_needs_to_come_back() -> None:
    asked = _login(f"{ISSUER}/mod/lti/auth.php")
    assert asked["response_mode"] == ["form_post"]
    assert (asked["state"], asked["nonce"], asked["redirect_uri"]) == (["tanda"], ["satu"], [f"{HERE}/lti/masuk"])
    assert "lti_message_hint" not in asked
    assert _login(ISSUER, message_hint='{"cmid":3}')["lti_message_hint"] == ['{"cmid":3}']


def test_what_the_address_of_a_platform_says_stays_and_cannot_say_our_part() -> None:
    asked = _login(f"{ISSUER}/auth?tenant=9&state=palsu")
    assert (asked["tenant"], asked["state"]) == (["9"], ["tanda"])


# --- tokens and scores ----------------------------------------------------------------------------------------------


def test_a_token_is_asked_for_in_our_own_name() -> None:
    said = messages.assertion("latsar-1", f"{ISSUER}/token", id="x", now=NOON)
    assert (said["iss"], said["sub"], said["aud"], said["jti"]) == ("latsar-1", "latsar-1", f"{ISSUER}/token", "x")
    assert said["exp"] - said["iat"] == 300
    form = messages.token_form("jwt", {Scope.SCORE, Scope.LINE_ITEM})
    assert form["scope"] == f"{Scope.LINE_ITEM} {Scope.SCORE}"
    assert form["client_assertion"] == "jwt"


def test_a_score_says_how_far_somebody_came() -> None:
    done = Score("7", 8.5, 10, NOON).body()
    assert done == {
        "userId": "7",
        "timestamp": messages.instant(NOON),
        "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
        "scoreGiven": 8.5,
        "scoreMaximum": 10,
    }
    waits = Score("7", None, 10, NOON, comment="Menunggu penilaian.").body()
    assert waits["gradingProgress"] == "PendingManual"
    assert not {"scoreGiven", "scoreMaximum"} & {*waits}, "both or none"
    assert waits["comment"] == "Menunggu penilaian."
    assert Score("7", -1, 10, NOON).body()["scoreGiven"] == 0


def test_canvas_is_told_that_a_score_is_no_new_submission() -> None:
    assert Score("7", 1, 1, NOON).body(CANVAS)["https://canvas.instructure.com/lti/submission"] == {
        "new_submission": False
    }


def test_times_of_scores_grow_within_a_second() -> None:
    one, other = (messages.instant(NOON + timedelta(microseconds=n)) for n in (1, 2))
    assert one < other
    assert one.endswith("000001Z")


@pytest.mark.parametrize(
    ("line_item", "scores"),
    [
        ("https://m/mod/lti/services.php/2/lineitems/3/lineitem?type_id=1", "/2/lineitems/3/lineitem/scores?type_id=1"),
        ("https://c/api/lti/courses/1/line_items/2", "/line_items/2/scores"),
        ("https://d/items/2/", "/items/2/scores"),
        ("https://d/items/2?a=1&b=2#x", "/items/2/scores?a=1&b=2"),
    ],
)
def test_scores_go_below_the_path_of_a_line_item_and_before_its_query(line_item: str, scores: str) -> None:
    assert messages.scores_url(line_item).endswith(scores)


@pytest.mark.parametrize(
    ("link", "page"),
    [
        ('<https://m/a?p=2>; rel="next"', "https://m/a?p=2"),
        ('<https://m/a?p=1>; rel="prev", <https://m/a?p=3,4>; rel="next"; title="x"', "https://m/a?p=3,4"),
        ("<https://m/a>; rel=next", "https://m/a"),
        ('<https://m/a>; rel="last next"', "https://m/a"),
        ('<https://m/d>; rel="differences"', None),
        ("", None),
        ("no link", None),
    ],
)
def test_pages_of_a_list_follow_each_other(link: str, page: str | None) -> None:
    assert messages.next_page(link) == page


# --- what is placed in a course -------------------------------------------------------------------------------------

QUIZ = Placed(f"{HERE}/kuis/pecahan", "Kuis pecahan", "Dua soal.", "kuis/pecahan", "kuis", 10)
LESSON = Placed(f"{HERE}/materi/pecahan/setengah", "Setengah", "", "materi/pecahan/setengah", "materi")


def _chosen(**settings: Any) -> dict[str, Any]:
    whole = {"deep_link_return_url": f"{ISSUER}/pilih", "accept_types": ["ltiResourceLink"], **settings}
    changed = {"message_type": "LtiDeepLinkingRequest", "resource_link": GONE, DEEP_LINKING: whole}
    launch = read(token(claims(NOON, changed)), registration(), nonce=NONCE, here=HERE, now=NOON)
    assert launch.deep_linking
    of = messages.Parties(launch.issuer, launch.client_id, launch.deployment)
    chosen = [QUIZ, LESSON]
    return dict(
        messages.deep_linking_response(of, launch.deep_linking, chosen, nonce="baru", now=NOON, said="Dua dipasang.")
    )


_OF_DEEP_LINKING = "https://purl.imsglobal.org/spec/lti-dl/claim/"


def test_what_a_teacher_chose_is_placed_with_its_points() -> None:
    said = _chosen(accept_multiple=True, data="csrf")
    assert (said["iss"], said["aud"], said["nonce"]) == ("latsar-1", [ISSUER], "baru")
    assert said[_OF_DEEP_LINKING + "data"] == "csrf"
    assert said[_OF_DEEP_LINKING + "msg"] == "Dua dipasang."
    quiz, lesson = said[_OF_DEEP_LINKING + "content_items"]
    assert quiz["url"] == f"{HERE}/kuis/pecahan"
    assert quiz["lineItem"] == {
        "scoreMaximum": 10,
        "label": "Kuis pecahan",
        "resourceId": "kuis/pecahan",
        "tag": "kuis",
    }
    assert "lineItem" not in lesson
    assert lesson["custom"] == {"latsar": "materi/pecahan/setengah"}


def test_of_several_one_is_placed_where_one_is_taken_and_without_points_where_these_are_not() -> None:
    said = _chosen(accept_lineitem=False)
    (quiz,) = said[_OF_DEEP_LINKING + "content_items"]
    assert "lineItem" not in quiz
    assert _OF_DEEP_LINKING + "data" not in said


# --- being registered -----------------------------------------------------------------------------------------------

MOODLE: dict[str, Any] = {
    "issuer": ISSUER,
    "authorization_endpoint": f"{ISSUER}/mod/lti/auth.php",
    "token_endpoint": f"{ISSUER}/mod/lti/token.php",
    "jwks_uri": f"{ISSUER}/mod/lti/certs.php",
    "registration_endpoint": f"{ISSUER}/mod/lti/openid-registration.php",
    "https://purl.imsglobal.org/spec/lti-platform-configuration": {"product_family_code": "moodle"},
}
_READ_AT = f"{ISSUER}/mod/lti/openid-configuration.php"


def test_a_platform_says_where_everything_is() -> None:
    found = messages.read_platform(MOODLE, _READ_AT)
    assert (found.issuer, found.audience, found.product) == (ISSUER, f"{ISSUER}/mod/lti/token.php", "moodle")
    stated = messages.read_platform({**MOODLE, "authorization_server": "https://sso.example"}, _READ_AT)
    assert stated.audience == "https://sso.example"


@pytest.mark.parametrize(
    "changed",
    [
        {"issuer": "https://evil.example"},
        {"issuer": ISSUER + ":8443"},
        {"issuer": None},
        *({name: None} for name in ("authorization_endpoint", "token_endpoint", "jwks_uri", "registration_endpoint")),
        {"jwks_uri": ["a"]},
        {"jwks_uri": "https://x/" + "a" * 2_000},
    ],
)
def test_a_platform_that_says_too_little_or_speaks_for_another_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(LaunchRefused) as refused:
        messages.read_platform({**MOODLE, **changed}, _READ_AT)
    assert refused.value.code is Code.BAD_PLATFORM


@pytest.mark.parametrize("said", [None, [], {}, {"client_id": ""}, {"client_id": 7}, {"client_id": "a" * 300}])
def test_a_platform_that_does_not_say_who_we_are_has_not_registered_us(said: object) -> None:
    with pytest.raises(LaunchRefused):
        messages.read_registered(said)
    with pytest.raises(LaunchRefused):
        messages.read_platform(said, _READ_AT)


def test_what_we_say_of_ourselves_and_what_comes_back() -> None:
    said = messages.tool_configuration(
        HERE,
        name="Latsar",
        login=f"{HERE}/lti/login",
        launch=f"{HERE}/lti/masuk",
        keys=f"{HERE}/lti/kunci",
        logo=f"{HERE}/x",
    )
    of_tool = said["https://purl.imsglobal.org/spec/lti-tool-configuration"]
    assert of_tool["domain"] == "latsar.example.go.id"
    assert {one["type"] for one in of_tool["messages"]} == {"LtiDeepLinkingRequest", "LtiResourceLinkRequest"}
    assert "email" not in of_tool["claims"], "nobody is known by it here"
    assert {Scope.LINE_ITEM, Scope.LINE_ITEM_READ} <= {*said["scope"].split()}, (
        "Moodle wants the one named beside the other"
    )
    answer = {"client_id": "abc", "https://purl.imsglobal.org/spec/lti-tool-configuration": {"deployment_id": "5"}}
    assert messages.read_registered(answer) == messages.Registered("abc", "5")
    assert messages.read_registered({"client_id": "abc"}).deployment is None


# --- roles ----------------------------------------------------------------------------------------------------------

_MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership"


@pytest.mark.parametrize(
    ("named", "place"),
    [
        ([], Place.PARTICIPANT),
        ([LEARNER], Place.PARTICIPANT),
        ([f"{_MEMBERSHIP}#Instructor"], Place.INSTRUCTOR),
        ([LEARNER, f"{_MEMBERSHIP}/Instructor#TeachingAssistant"], Place.INSTRUCTOR),
        ([f"{_MEMBERSHIP}#Manager"], Place.INSTRUCTOR),
        ([f"{_MEMBERSHIP}#Mentor"], Place.PARTICIPANT),
        ([f"{_MEMBERSHIP}#ContentDeveloper"], Place.PARTICIPANT),
        (["http://purl.imsglobal.org/vocab/lis/v2/institution/person#Instructor"], Place.PARTICIPANT),
        (["http://purl.imsglobal.org/vocab/lis/v2/system/person#Administrator"], Place.PARTICIPANT),
        (["https://evil.example/membership#Instructor"], Place.PARTICIPANT),
    ],
)
def test_only_who_teaches_the_course_teaches_here(named: list[str], place: Place) -> None:
    assert roles.place(frozenset(named)) is place
