"""A portal with its own sign-in, sessions, CSRF protection, templates, static files and error page.

Its names are ours on purpose: ``base.html``, ``error.html``, ``lms.css``, the session's ``csrf_token``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user, login_required, login_user, logout_user
from flask_wtf import CSRFProtect

from lms import Identity


@dataclass
class Person(UserMixin):  # type: ignore[misc]
    """One of the portal's people. ``cohorts``: as ``Identity`` takes them."""

    id: str
    name: str
    roles: Iterable[str] = ("participant",)
    cohorts: Mapping[str, str] | None = None


@dataclass
class Portal:
    """The application, whom it knows, and how often and where it was asked who is there."""

    app: Flask
    people: dict[str, Person] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    broken: bool = False

    def add(self, name: str, **more: Any) -> Person:
        person = Person(id=f"p-{len(self.people) + 1}", name=name, **more)
        self.people[person.id] = person
        return person

    def identity(self, asked: Any) -> Identity | None:
        """What is handed to ``lms.init_app``: it reads the portal's own session, as any view of the portal does."""
        self.asked.append(f"{asked.script_root}|{asked.path}")
        if self.broken:
            raise RuntimeError("the portal's database is away")
        session["asked"] = len(self.asked)  # never kept: nothing is sent from here
        if not current_user.is_authenticated:
            return None
        return Identity(
            key=current_user.id, name=current_user.name, roles=current_user.roles, cohorts=current_user.cohorts
        )


def portal() -> Portal:
    app = Flask(__name__)
    app.config.update(SECRET_KEY="the portal's own key, which serves for both of us", TESTING=True)
    made = Portal(app)
    CSRFProtect(app)
    login = LoginManager(app)
    login.login_view = "sign_in"
    login.user_loader(made.people.get)

    @app.get("/")
    def home() -> ResponseReturnValue:
        return render_template("home.html")

    @app.route("/masuk", methods=["GET", "POST"])
    def sign_in() -> ResponseReturnValue:
        if request.method == "GET":
            return render_template("sign_in.html")
        found = next((one for one in made.people.values() if one.name == request.form["name"]), None)
        if found is None:
            return render_template("sign_in.html"), 403
        login_user(found, remember="remember" in request.form)
        return redirect(request.args.get("next") or "/", 303)

    @app.get("/keluar")
    def sign_out() -> ResponseReturnValue:
        logout_user()
        return redirect("/", 303)

    @app.get("/rahasia")
    @login_required  # type: ignore[untyped-decorator]
    def own() -> ResponseReturnValue:
        return f"{current_user.name}, {session.get('asked', 'never asked')}"

    @app.errorhandler(404)
    def missing(_error: Exception) -> ResponseReturnValue:
        return render_template("error.html"), 404

    return made
