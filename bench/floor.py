"""The floor: bare Flask endpoints that do the least a request of that kind can do, and nothing else.

``hello`` answers; ``lesson`` opens a signed session, makes three indexed SELECTs and fills a 20 KB page; ``autosave``
opens a signed session, makes one SELECT and one UPSERT and commits. Statements are built in each request, as most code
does it. ``BENCH_DATABASE_URL`` names the database.
"""

from __future__ import annotations

import os
import random
from typing import Any

from flask import Flask, render_template, request, session
from jinja2 import DictLoader
from sqlalchemy import Column, Integer, MetaData, String, Table, create_engine, event, insert, select
from sqlalchemy.dialects import postgresql, sqlite

ROWS = 10_000
PEOPLE = 250_000
#: As ours, so that both pay for the same promise.
SYNCHRONOUS = os.environ.get("LMS_SQLITE_SYNCHRONOUS", "full")

metadata = MetaData()
topic = Table(
    "floor_topic",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("slug", String(40), nullable=False, unique=True),
    Column("title", String(200), nullable=False),
)
kept = Table(
    "floor_kept",
    metadata,
    Column("person", Integer, primary_key=True),
    Column("topic", Integer, primary_key=True),
    Column("value", String(200), nullable=False),
)

engine = create_engine(os.environ.get("BENCH_DATABASE_URL", "sqlite://"), pool_size=4, max_overflow=4)
upsert = {"sqlite": sqlite, "postgresql": postgresql}[engine.dialect.name].insert


@event.listens_for(engine, "connect")
def _prepare(connection: Any, _record: object) -> None:
    if engine.dialect.name == "sqlite":
        for pragma in ("journal_mode=WAL", f"synchronous={SYNCHRONOUS}", "busy_timeout=10000"):
            connection.execute(f"PRAGMA {pragma}")


PAGE = """<!doctype html><title>{{ title }}</title>
<nav>{% for number in menu %}<a href="/m/{{ number }}">Modul {{ number }}</a>{% endfor %}</nav>
<main>{{ text|safe }}</main>"""
TEXT = "<p>" + "Kata demi kata mengisi halaman. " * 610 + "</p>"

app = Flask(__name__)
app.secret_key = "floor"
app.jinja_loader = DictLoader({"page.html": PAGE})


def fill() -> None:
    """Make the tables and their rows."""
    metadata.drop_all(engine)
    metadata.create_all(engine)
    with engine.begin() as connection:
        rows = [{"slug": f"topic-{number}", "title": f"Topic {number}"} for number in range(ROWS)]
        connection.execute(insert(topic), rows)


@app.get("/sign-in")
def sign_in() -> str:
    session["person"] = 7
    return ""


@app.get("/hello")
def hello() -> str:
    return "hello"


@app.get("/lesson")
def lesson() -> str:
    with engine.connect() as connection:
        person = connection.execute(select(topic.c.title).where(topic.c.id == session["person"])).scalar_one()
        slug = f"topic-{random.randrange(ROWS)}"
        title = connection.execute(select(topic.c.title).where(topic.c.slug == slug)).scalar_one()
        done = connection.execute(select(kept.c.topic).where(kept.c.person == session["person"]).limit(30))
        menu = done.scalars().all() or range(30)
    return render_template("page.html", title=title + person, menu=menu, text=TEXT)


@app.post("/autosave")
def autosave() -> tuple[str, int]:
    value = request.get_json()["value"]
    with engine.begin() as connection:
        connection.execute(select(topic.c.title).where(topic.c.id == session["person"])).scalar_one()
        row = upsert(kept).values(person=random.randrange(PEOPLE), topic=random.randrange(ROWS), value=value)
        connection.execute(row.on_conflict_do_update(index_elements=["person", "topic"], set_={"value": value}))
    return "", 204
