"""Templates of a house laid over ours: what docs/plugins.md promises holds, and what cannot work is told."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from lms import create_app
from lms.config import BadSetting, Settings
from tests.conftest import Cast
from tests.visitor import Visitor

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

LESSON = "/materi/pecahan/setengah"
GUIDE = (Path(__file__).parents[2] / "docs/plugins.md").read_text("utf-8")
_, _, SECTION = GUIDE.partition("\n## Templates that are stable\n")
SECTION = SECTION.partition("\n## ")[0]


def _quoted(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


#: Template -> its blocks, and the names that they know besides those of every page.
STABLE = {
    _quoted(row[0])[0]: (_quoted(row[2]), _quoted(row[3]))
    for line in SECTION.splitlines()
    if line.startswith("| `")
    for row in [line.strip("|").split("|")]
}
#: A page, for a stranger, on which each stands with all its blocks.
SHOWN = {
    "base.html": "/bantuan",
    "accounts/sign_in.html": "/masuk",
    "learn/landing.html": "/",
    "error.html": "/tidak-ada",
}
Laying = Callable[..., Flask]


@pytest.fixture
def laid(settings: Settings, tmp_path: Path) -> Iterator[Laying]:
    """An application with these templates, by name, laid over ours."""
    apps: list[Flask] = []

    def lay(templates: dict[str, str]) -> Flask:
        for name, source in templates.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(source, "utf-8")
        apps.append(create_app(replace(settings, templates=str(tmp_path))))
        return apps[-1]

    yield lay
    for app in apps:
        app.extensions["lms"].database.dispose()


def page(visitor: Visitor, path: str) -> str:
    return visitor.get(path).get_data(as_text=True)


def over(name: str) -> str:
    """A template that adds to each promised block of ours, and places each promised name."""
    blocks, names = STABLE[name]
    told = "".join(f"<!--{one}={{{{ {one} }}}}-->" for one in names)
    return f'{{% extends "lms/{name}" %}}' + "".join(
        f"{{% block {block} %}}<!--over {name} {block}-->{told}{{{{ super() }}}}{{% endblock %}}" for block in blocks
    )


def test_the_guide_names_a_page_for_each_stable_template() -> None:
    assert STABLE.keys() == SHOWN.keys()
    assert all(blocks for blocks, _ in STABLE.values())


@ON_SQLITE
@pytest.mark.parametrize("name", SHOWN)
def test_each_block_of_a_stable_template_is_there(app: Flask, name: str) -> None:
    blocks, _ = STABLE[name]
    assert set(blocks) <= set(app.jinja_env.get_template(name).blocks)


@ON_SQLITE
def test_all_stable_templates_can_be_overlaid_at_once(laid: Laying, app: Flask) -> None:
    ada, plain = Visitor(laid({name: over(name) for name in STABLE})), Visitor(app)
    for name, path in SHOWN.items():
        text, before = page(ada, path), page(plain, path)
        blocks, names = STABLE[name]
        for block in blocks:
            assert f"<!--over {name} {block}-->" in text, block
        for one in names:
            assert re.search(f"<!--{re.escape(one)}=[^>]+-->", text), one
        assert re.sub("<!--.*?-->", "", _still(text)) == _still(before), "ours is beneath it, whole"


def _still(text: str) -> str:
    """Without what differs each time."""
    return re.sub(r'(?<=name="csrf_token" value=")[^"]*|(?<=<code>)\w{16}', "", text)


@ON_SQLITE
def test_the_frame_is_laid_over_pages_that_are_placed_once(laid: Laying, people: Cast) -> None:
    visitors = [Visitor(laid({"base.html": over("base.html")})).sign_in(login) for login in ("ada", "grace")]
    for visitor in visitors:
        attempt = visitor.post("/kuis/pecahan/mulai").location or ""
        for path in (LESSON, attempt, "/beranda", "/tidak-ada"):
            for block in set(STABLE["base.html"][0]) - {"door", "motif"}:  # which pages fill, or leave out
                assert f"<!--over base.html {block}-->" in page(visitor, path), (path, block)


@ON_SQLITE
def test_what_the_guide_says_of_every_page_can_be_asked_for(laid: Laying, people: Cast) -> None:
    more = re.search(r'`link\("landing"\)`, and in its place ([^;]*);', SECTION)
    assert more
    links = "".join(f'<a href="{{{{ link("{noun}") }}}}">x</a>' for noun in ("landing", *_quoted(more[1])))
    source = (
        f'{{% extends "lms/base.html" %}}{{% block head %}}{links}{{{{ asset("lms.css") }}}} {{{{ _("Masuk") }}}}'
        "{% if me %}somebody{% endif %}{% endblock %}"
    )
    ada = Visitor(laid({"base.html": source}))
    assert "somebody" not in page(ada, "/masuk")
    assert "somebody" in page(ada.sign_in("ada"), LESSON)


@ON_SQLITE
@pytest.mark.parametrize("asked", ["me.name", "request.path", "session.items()", "csrf_token()"])
def test_what_the_frame_tells_of_one_person_no_other_person_reads(laid: Laying, people: Cast, asked: str) -> None:
    """The frame of an attempt is placed once for everybody: better none than somebody else's."""
    head = "{% block head %}{% if me %}{{ " + asked + " }}{% endif %}{% endblock %}"
    app = laid({"base.html": '{% extends "lms/base.html" %}' + head})
    for login in ("ada", "grace"):
        visitor = Visitor(app).sign_in(login)
        assert visitor.get("/beranda").status_code == 200
        assert visitor.get(visitor.post("/kuis/pecahan/mulai").location or "").status_code == 500


@ON_SQLITE
@pytest.mark.parametrize(
    ("name", "source", "told"),
    [
        ("accounts/signin.html", "", "holds accounts/signin.html, .* do nothing; write accounts/sign_in.html"),
        ("README.md", "", "holds README.md, .* docs/plugins.md lists"),
        ("certificates/certificate.typ", "", "none of our templates"),
        ("base.html", '{% extends "base.html" %}', 'base.html rests on itself; write "lms/base.html"'),
        ("base.html", "{% block footer %}", "base.html, line 1: "),
        ("base.html", "{{ product|shout }}", "base.html, line 1: No filter named 'shout'"),
        ("base.html", '{% extends "lms/bose.html" %}', "base.html asks for lms/bose.html, which does not exist"),
        ("error.html", '{% include "_ours.html" %}', "error.html asks for _ours.html"),
    ],
)
def test_what_would_do_nothing_or_break_a_page_is_told_at_the_start(
    laid: Laying, name: str, source: str, told: str
) -> None:
    with pytest.raises(BadSetting, match=f"LMS_TEMPLATES:? {told}" if told.startswith("holds") else told):
        laid({name: source})


@ON_SQLITE
def test_a_template_in_another_coding_is_told_at_the_start(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "error.html").write_bytes("café".encode("latin-1"))
    with pytest.raises(BadSetting, match=r"error.html is not UTF-8"):
        create_app(replace(settings, templates=str(tmp_path)))


@ON_SQLITE
def test_hidden_files_are_nobodys_template(laid: Laying) -> None:
    assert page(Visitor(laid({".git/config": "x", ".DS_Store": "x"})), "/masuk")


@ON_SQLITE
def test_two_applications_in_one_process_have_their_own(laid: Laying, app: Flask) -> None:
    other = laid(
        {"accounts/sign_in.html": '{% extends "lms/accounts/sign_in.html" %}{% block main %}Lain{% endblock %}'}
    )
    assert "Lain" in page(Visitor(other), "/masuk")
    assert "Lain" not in page(Visitor(app), "/masuk")


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="only Linux has a file that not even root may read")
@ON_SQLITE
def test_a_template_that_nobody_may_read_is_told_at_the_start(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "error.html").symlink_to("/proc/self/mem")
    with pytest.raises(BadSetting, match=r"error.html cannot be read \(Input/output error\)"):
        create_app(replace(settings, templates=str(tmp_path)))
