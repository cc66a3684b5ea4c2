"""What a browser and a tool meet of a campus."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Flask, Response, abort, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from lti1p3platform.exceptions import LtiException
from lti1p3platform.response import generate_next_link
from lti1p3platform.score import UPDATE_SCORE_STATUSCODE, ActivityProgress, GradeProgress, UpdateScoreStatus

from lms.features.lti.messages import MediaType, Scope
from tests.campus.campus import CLIENT, DEPLOYMENT, Campus, Person
from tests.campus.standard import DEEP_LINKING, LTI, MEMBERSHIP, Agreement, Asked, Launch, Login, Wrong

#: What a score must say (AGS 2.0, 3.4).
_SCORE = {"userId", "timestamp", "activityProgress", "gradingProgress"}


def application(campus: Campus) -> Flask:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    app = Flask(__name__)
    # It is asked who is there from within frames that a tool sent on: such a request comes from another site.
    app.config.update(SECRET_KEY="the campus's own", SESSION_COOKIE_SAMESITE="None", SESSION_COOKIE_SECURE=True)
    app.jinja_env.globals.update(campus=campus)
    app.register_error_handler(Wrong, lambda error: ({"error": "invalid_request", "why": str(error)}, 400))
    _pages(app, campus)
    _registration(app, campus)
    _launches(app, campus)
    _services(app, campus)
    return app


def _pages(app: Flask, campus: Campus) -> None:
    @app.get("/enter/<person>")
    def enter(person: str) -> ResponseReturnValue:
        session["person"] = campus.people[person].id
        return redirect("/course")

    @app.get("/course")
    def course() -> ResponseReturnValue:
        return render_template("course.html", person=_here(campus))

    @app.get("/course/<int:link>")
    def opened(link: int) -> ResponseReturnValue:
        return _frame(f"/open/{link}", campus.links[link].title)

    @app.get("/choose")
    def choose() -> ResponseReturnValue:
        return _frame("/open/choose", "Choose from a tool")

    @app.get("/gradebook")
    def gradebook() -> ResponseReturnValue:
        return render_template("gradebook.html", person=_here(campus))

    def _frame(src: str, title: str) -> ResponseReturnValue:
        tool = campus.registration and "{0.scheme}://{0.netloc}".format(
            urlsplit(campus.registration.get_oidc_login_url())
        )
        return render_template("frame.html", person=_here(campus), src=src, title=title, tool=tool)

    @app.get("/tools")
    def tools() -> ResponseReturnValue:
        """The administrator pastes the one address of a tool."""
        if _here(campus).role != "Administrator":
            abort(403)
        if not (tool := request.args.get("address")):
            return render_template("tools.html", person=_here(campus))
        told = {
            "openid_configuration": f"{campus.address}/openid-configuration",
            "registration_token": campus.invite(),
        }
        return _frame(f"{tool}?{urlencode(told)}", "Register a tool")


def _registration(app: Flask, campus: Campus) -> None:
    @app.get("/openid-configuration")
    def configuration() -> ResponseReturnValue:
        """LTI Dynamic Registration 1.0, 3.5.1."""
        here = campus.address
        return {
            "issuer": here,
            "authorization_endpoint": f"{here}/auth",
            "token_endpoint": f"{here}/token",
            "jwks_uri": f"{here}/keys",
            "registration_endpoint": f"{here}/register",
            "scopes_supported": ["openid", *Scope],
            "response_types_supported": ["id_token"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "https://purl.imsglobal.org/spec/lti-platform-configuration": {
                "product_family_code": "kampus",
                "version": "1",
                "messages_supported": [{"type": "LtiResourceLinkRequest"}, {"type": "LtiDeepLinkingRequest"}],
            },
        }

    @app.post("/register")
    def register() -> ResponseReturnValue:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if token not in campus.invited:
            return {"error": "invalid_token"}, 401
        campus.invited.remove(token)
        said: dict[str, Any] = request.get_json()
        campus.register(said)
        ours = {**said["https://purl.imsglobal.org/spec/lti-tool-configuration"], "deployment_id": DEPLOYMENT}
        return {
            **said,
            "client_id": CLIENT,
            "https://purl.imsglobal.org/spec/lti-tool-configuration": ours,
        }


def _launches(app: Flask, campus: Campus) -> None:
    @app.get("/open/<hint>")
    def begin(hint: str) -> ResponseReturnValue:
        login = Login(Asked(request), Agreement(campus=campus))
        login.set_lti_message_hint(hint)
        if hint == "choose":
            login.set_deeplinking_launch_url()
        else:
            login.set_launch_url(campus.links[int(hint)].url)
        answered: ResponseReturnValue = login.initiate_login(_here(campus).id)
        return answered

    @app.get("/auth")
    def authorize() -> ResponseReturnValue:
        campus.launches += 1
        answered: ResponseReturnValue = Launch(campus, _here(campus)).lti_launch()
        return answered

    @app.post("/placed")
    def placed() -> ResponseReturnValue:
        """What a teacher chose, by their browser."""
        if _here(campus).role != "Instructor":
            abort(403)
        agreement = Agreement(campus=campus)
        said = agreement.said(request.form["JWT"], campus.address)
        if said[f"{LTI}deployment_id"] != DEPLOYMENT or said[f"{DEEP_LINKING}data"] not in campus.choices:
            raise Wrong("nobody was asked to choose")
        campus.choices.remove(said[f"{DEEP_LINKING}data"])
        for item in agreement.validate_deeplinking_resp(request.form):
            campus.place(item)
        return render_template("placed.html")

    @app.get("/keys")
    def keys() -> ResponseReturnValue:
        return {"keys": campus.keys()}


def _services(app: Flask, campus: Campus) -> None:
    @app.post("/token")
    def token() -> ResponseReturnValue:
        """1EdTech Security Framework 1.0, 4.1."""
        agreement = Agreement(campus=campus)
        agreement.said(request.form["client_assertion"], f"{campus.address}/token")
        answered: ResponseReturnValue = agreement.get_access_token(request.form)
        return answered

    def needs(*scopes: str) -> None:
        agreement = Agreement(campus=campus)
        agreement.get_registration()
        try:
            allowed = agreement.validate_token(
                request.headers.get("Authorization", "").removeprefix("Bearer "), [*scopes]
            )
        except LtiException:
            abort(401)
        if not allowed:
            abort(403)

    @app.get("/items")
    def items() -> ResponseReturnValue:
        needs(Scope.LINE_ITEM, Scope.LINE_ITEM_READ)
        wanted = request.args.get("resource_link_id")
        every = [
            {
                "id": f"{campus.address}/items/{number}",
                "scoreMaximum": one.maximum,
                "label": one.label,
                "resourceId": one.resource,
                "tag": one.tag,
                "resourceLinkId": f"link-{one.link}",
            }
            for number, one in enumerate(campus.columns, start=1)
        ]
        found = [one for one in every if wanted in (None, one["resourceLinkId"])]
        return app.json.response(found), 200, {"Content-Type": MediaType.LINE_ITEMS}

    @app.post("/items/<int:column>/scores")
    def score(column: int) -> ResponseReturnValue:
        needs(Scope.SCORE)
        said = request.get_json(force=True)
        held = campus.columns[column - 1].scores.setdefault(said["userId"], [])
        if request.content_type != MediaType.SCORE or _SCORE - said.keys() or said["userId"] not in campus.people:
            abort(400)
        ActivityProgress(said["activityProgress"])
        GradeProgress(said["gradingProgress"])
        if "scoreGiven" in said and not said.get("scoreMaximum", 0) > 0:
            abort(400)
        if held and _moment(held[-1]) >= _moment(said):
            return "", UPDATE_SCORE_STATUSCODE[UpdateScoreStatus.OLD_TIMESTAMP]
        held.append(said)
        return "", UPDATE_SCORE_STATUSCODE[UpdateScoreStatus.SUCCESS]

    @app.get("/members")
    def members() -> ResponseReturnValue:
        """One person a page."""
        needs(Scope.ROSTER)
        page, people = request.args.get("page", 0, int), [*campus.people.values()]
        one = people[page]
        listed = {
            "id": f"{campus.address}/members",
            "context": {"id": "kelas-1"},
            "members": [{"user_id": one.id, "name": one.name, "roles": [MEMBERSHIP + one.role], "status": "Active"}],
        }
        answer: Response = app.json.response(listed)
        answer.headers["Content-Type"] = MediaType.ROSTER
        if page + 1 < len(people):
            answer.headers["Link"] = generate_next_link(f"{campus.address}/members?page={page + 1}")
        return answer


def _moment(score: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(score["timestamp"])


def _here(campus: Campus) -> Person:
    """Who is signed in at the campus."""
    person = campus.people.get(session.get("person", ""))
    if person is None:
        abort(401)
    return person
