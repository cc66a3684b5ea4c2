"""Features meet through nouns: nobody names another feature's endpoint, and what is offered is there."""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Iterator
from pathlib import Path

import jinja2
import jinja2.meta
import pytest
from flask import Flask
from jinja2 import nodes

import lms
from lms.app import AT_WORK, FEATURES, create_app
from lms.config import Settings
from lms.web.guards import Permission
from lms.web.links import Entry, Links
from tests.conftest import Cast
from tests.visitor import Visitor

HOME = Path(lms.__file__).parent
REGISTRY = HOME / "web/links.py"  # asks by noun, so it cannot name what it asks for
BLUEPRINTS = {feature.bp.name: feature.__name__.split(".")[2] for feature in (*FEATURES, *AT_WORK)}


def trespasses(source: str, room: str, *, template: bool) -> Iterator[str]:
    """Lines of a file in ``room`` (a feature, or ``web``) that name an endpoint of another feature, or hide which."""
    called = _in_template(source) if template else _in_code(source)
    for line, endpoint in called:
        if endpoint is None:
            yield f"{line}: an endpoint that cannot be read here"
            continue
        blueprint, dot, _name = endpoint.partition(".")
        if dot and blueprint in BLUEPRINTS and BLUEPRINTS[blueprint] != room:
            yield f"{line}: {endpoint}"


def _in_code(source: str) -> Iterator[tuple[int, str | None]]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and _is(node.func, "url_for"):
            first = node.args[0] if node.args else None
            yield node.lineno, first.value if isinstance(first, ast.Constant) else None  # type: ignore[misc]


def _is(called: ast.expr, name: str) -> bool:
    return getattr(called, "id", None) == name or getattr(called, "attr", None) == name


def _in_template(source: str) -> Iterator[tuple[int, str | None]]:
    for call in jinja2.Environment().parse(source).find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "url_for":
            first = call.args[0] if call.args else None
            yield call.lineno, first.value if isinstance(first, nodes.Const) else None


def files() -> Iterator[tuple[Path, str]]:
    """Every file of the web and of the features, with its room."""
    for pattern in ("*.py", "*.html"):
        for path in (HOME / "web").rglob(pattern):
            yield path, "web"
        for path in (HOME / "features").rglob(pattern):
            yield path, path.relative_to(HOME / "features").parts[0]


def test_nobody_names_another_features_endpoint() -> None:
    found = [
        f"{path.relative_to(HOME)}:{trespass}"
        for path, room in files()
        for trespass in trespasses(path.read_text(encoding="utf-8"), room, template=path.suffix == ".html")
        if path != REGISTRY
    ]
    assert found == []


@pytest.mark.parametrize(
    ("source", "template"),
    [
        ("\nurl_for('learn.lesson', module=1)", False),
        ("\nflask.url_for('learn.lesson')", False),
        ("\n{{ url_for('learn.lesson') }}", True),
        ("\n{% macro a() %}<a href=\"{{ url_for('learn.lesson', x=1)|safe }}\">{% endmacro %}", True),
    ],
)
def test_a_trespass_is_noticed_with_its_line(source: str, template: bool) -> None:
    assert list(trespasses(source, "web", template=template)) == ["2: learn.lesson"]
    assert list(trespasses(source, "attempts", template=template)) == ["2: learn.lesson"]
    assert list(trespasses(source, "learn", template=template)) == []


@pytest.mark.parametrize(
    ("source", "template"), [("url_for(where)", False), ("{{ url_for(where, a=1) }}", True), ("url_for(**more)", False)]
)
def test_an_endpoint_that_nobody_can_read_is_a_trespass(source: str, template: bool) -> None:
    assert list(trespasses(source, "learn", template=template)) == ["1: an endpoint that cannot be read here"]


def nouns() -> Iterator[tuple[str, str]]:
    """Every noun that is asked for by name, and where."""
    for path, _room in files():
        source = path.read_text(encoding="utf-8")
        if path.suffix == ".html":
            for call in jinja2.Environment().parse(source).find_all(nodes.Call):
                if isinstance(call.node, nodes.Name) and call.node.name == "link":
                    yield call.args[0].value, str(path)  # type: ignore[attr-defined]
        else:
            for node in ast.walk(ast.parse(source)):
                if isinstance(node, ast.Call) and _is(node.func, "link") and isinstance(node.args[0], ast.Constant):
                    yield node.args[0].value, str(path)  # type: ignore[misc]


def test_every_noun_that_is_asked_for_is_offered_and_every_offer_is_a_page(settings: Settings) -> None:
    app, features = create_app(dataclasses.replace(settings, mode="development")), (*FEATURES, *AT_WORK)
    offered = {noun: endpoint for feature in features for noun, endpoint in feature.LINKS.items()}
    asked = set(nouns())
    assert len(asked) > 20
    assert [(noun, path) for noun, path in asked if noun not in offered] == []
    assert set(offered.values()) <= app.view_functions.keys()
    for feature in features:
        assert {endpoint.partition(".")[0] for endpoint in feature.LINKS.values()} == {feature.bp.name}


def test_nobody_places_another_features_template() -> None:
    found = [
        f"{path.relative_to(HOME)}: {folder}"
        for path, room in files()
        if path.suffix == ".html"
        for name in jinja2.meta.find_referenced_templates(jinja2.Environment().parse(path.read_text(encoding="utf-8")))
        if name and "/" in name and (folder := name.partition("/")[0]) not in {room, "items"}
    ]
    assert found == []


def entry(name: str, noun: str, place: int = 1) -> Entry:
    return Entry(name=name, noun=noun, title=lambda: name, needs=Permission.READ, place=place)


def test_a_noun_of_two_features_and_a_dead_menu_entry_fail_at_the_start() -> None:
    with pytest.raises(ValueError, match="two features offer lesson"):
        Links([({"lesson": "a.b"}, ()), ({"lesson": "c.d"}, ())])
    with pytest.raises(ValueError, match="lead nowhere: gone"):
        Links([({"lesson": "a.b"}, [entry("here", "lesson"), entry("gone", "quiz")])])
    made = Links([({"lesson": "a.b"}, [entry("last", "lesson", 9)]), ({"quiz": "c.d"}, [entry("first", "quiz", 1)])])
    assert [one.name for one in made.menu] == ["first", "last"]
    with pytest.raises(KeyError):
        made.endpoint("nothing")
    made.lead_to({"a.b", "c.d"})
    with pytest.raises(ValueError, match=r"lead nowhere: quiz \(c\.d\)"):
        made.lead_to({"a.b"})


def test_the_menu_shows_what_a_person_may_open(app: Flask, people: Cast) -> None:
    def menu(login: str) -> list[str]:
        page = Visitor(app).sign_in(login).get("/akun").get_data(as_text=True)
        titles = ("Beranda", "Materi", "Progres", "Regulasi", "Glosarium", "Pengampu", "Penyunting", "Laporan soal")
        head = page.split("<main")[0]
        return [title for title in titles if f">{title}</a>" in head]

    everybody = ["Beranda", "Materi", "Progres", "Regulasi", "Glosarium"]
    assert menu("ada") == everybody
    assert menu("grace") == [*everybody, "Pengampu"]
    assert menu("edsger") == [*everybody, "Penyunting", "Laporan soal"]
