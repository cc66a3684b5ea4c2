"""Every route says who may ask, and what says nothing is refused: walked over the whole URL map."""

from __future__ import annotations

import re
from collections import Counter
from inspect import iscoroutinefunction
from uuid import uuid4

import pytest
from flask import Flask
from werkzeug.routing import Rule

from lms.db.accounts import Role
from lms.errors import NotAllowed
from lms.learning import accounts
from lms.web import guards
from lms.web.guards import Me, Permission, permission_of, safe_next
from tests.conftest import NOON, Cast
from tests.visitor import Visitor

#: Everybody may ask for these; a new public page is added here on purpose.
PUBLIC = {
    "accounts.sign_in",
    "accounts.enter",
    "accounts.sign_out",
    "accounts.leave",
    "accounts.invitation",
    "accounts.accept_invitation",
    "certificates.as_text",
    "certificates.keys",
    "certificates.page",
    "certificates.present",
    "certificates.verify",
    "guides.guide",
    "guides.overview",
    "learn.landing",
    "learn.media",
    "look.keep",
    "look.page",
    "lti.ask",
    "lti.keys",
    "lti.launch",
    "lti.login",
    "lti.opened_anew",
    "lti.place",
    "lti.register",
    "lti.registered",
    "offline.worker",
    "offline.manifest",
    "offline.on_device",
    "plan.calendar",
}


def _path(rule: Rule) -> str:
    """The rule's address with something in each place; what is not there still meets the guard first."""
    return (
        re.sub("<uuid:[a-z_]+>", lambda _: str(uuid4()), str(rule.rule))
        .translate(str.maketrans("", "", "<>"))
        .replace("path:path", "x")
    )


def _rules(app: Flask, method: str) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if method in (rule.methods or ())]


def test_every_route_declares_its_permission(app: Flask) -> None:
    declared = {rule.endpoint: permission_of(app, rule.endpoint) for rule in app.url_map.iter_rules()}
    assert {endpoint for endpoint, permission in declared.items() if permission is None} == PUBLIC
    assert len(declared) > 25


def test_no_two_views_answer_at_one_address(app: Flask) -> None:
    """Of two the one that was registered first would answer, and nobody could reach the other."""
    answering = Counter(
        (re.sub("<[^>]+>", "<>", rule.rule), method)
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
    )
    assert [place for place, count in answering.items() if count > 1 and place[1] not in {"HEAD", "OPTIONS"}] == []


def test_whoever_is_not_signed_in_sees_only_public_pages(app: Flask, people: Cast) -> None:
    nobody = Visitor(app)
    for rule in _rules(app, "GET"):
        answered = nobody.get(_path(rule))
        if rule.endpoint in PUBLIC:
            assert "/masuk" not in (answered.location or ""), rule
        else:
            assert (answered.status_code, answered.location.split("?")[0]) == (303, "/masuk"), rule


def test_whoever_is_not_signed_in_changes_nothing(app: Flask, people: Cast) -> None:
    nobody = Visitor(app)
    for rule in _rules(app, "POST"):
        if rule.endpoint in PUBLIC:
            continue
        answered = nobody.post(_path(rule))
        assert (answered.status_code, answered.location.split("?")[0]) == (303, "/masuk"), rule
        assert nobody.send(_path(rule), {}).status_code == 401, rule


def test_every_form_needs_its_token(app: Flask, people: Cast) -> None:
    with app.extensions["lms"].database.transaction() as db:
        accounts.grant(db, people.grace, Role.ADMINISTRATOR, now=NOON)
    client = Visitor(app).sign_in("grace")._client
    for rule in _rules(app, "POST"):
        assert client.post(_path(rule)).status_code == 400, rule


def test_forms_of_other_sites_are_taken_where_the_view_proves_who_sends_them(app: Flask) -> None:
    taken = {name for name, view in app.view_functions.items() if getattr(view, "lms_from_elsewhere", False)}
    assert taken == {"lti.launch", "lti.login"}


def test_a_route_that_says_nothing_is_refused_to_everybody(own_app: Flask, people: Cast) -> None:
    own_app.add_url_rule("/lupa", "forgotten", lambda: "secret")
    with pytest.raises(NotAllowed):
        permission_of(own_app, "forgotten")
    assert Visitor(own_app).get("/lupa").status_code == 403
    assert Visitor(own_app).sign_in("grace").get("/lupa").status_code == 403


def test_views_and_hooks_are_plain_functions(app: Flask) -> None:
    """The application does not ask each of them at every request whether it is (``Application.ensure_sync``)."""
    hooks = (app.before_request_funcs, app.after_request_funcs, app.teardown_request_funcs)
    handlers = [
        handler for codes in app.error_handler_spec.values() for by in codes.values() for handler in by.values()
    ]
    asked = [
        *app.view_functions.values(),
        *handlers,
        *app.teardown_appcontext_funcs,
        *(hook for by in hooks for listed in by.values() for hook in listed),
    ]
    assert len(asked) > 40
    assert not [function for function in asked if iscoroutinefunction(function)]


def test_each_role_grants_what_it_is_for() -> None:
    def may(*roles: Role) -> set[Permission]:
        me = Me(
            token="t",
            user_id=uuid4(),
            name="X",
            login="x",
            roles=frozenset(roles),
            time_zone="Asia/Jakarta",
            language="id",
        )
        return {permission for permission in Permission if me.may(permission)}

    assert may() == set()
    assert may(Role.PARTICIPANT) == {Permission.READ, Permission.TAKE}
    assert may(Role.INSTRUCTOR) == {Permission.READ, Permission.TAKE, Permission.TEACH}
    assert may(Role.EDITOR) == {Permission.READ, Permission.TAKE, Permission.EDIT}
    assert may(Role.INSTRUCTOR, Role.EDITOR) == set(Permission) - {Permission.ADMINISTER}
    assert may(Role.ADMINISTRATOR) == set(Permission)
    assert set(guards.GRANTS) == set(Role)


@pytest.mark.parametrize(
    "target",
    [None, "", "materi", "//x.example", "/\\x.example", "https://x.example", "/a\nb", "/a b", "/\tx", "/x\\y"],
)
def test_a_place_to_go_on_to_lies_on_this_site(app: Flask, target: str | None) -> None:
    with app.test_request_context("/"):
        assert safe_next(target) is None
        assert safe_next("/materi/x?y=1#z") == "/materi/x?y=1#z"
