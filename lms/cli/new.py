"""Commands that write new files of a pack."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import click

from lms.catalog import new as files
from lms.catalog import new_pack as package
from lms.catalog.load import load
from lms.catalog.model import Catalog
from lms.catalog.source import Folder
from lms.catalog.store import Unreadable
from lms.cli import which_pack
from lms.cli.group import NotDone, main
from lms.errors import Invalid

GUIDE = "docs/id/penyunting.md"


def _name(context: click.Context, parameter: click.Parameter, id: str) -> str:
    """Judged before anything is asked for."""
    return files.named(id)


def _words(context: click.Context, parameter: click.Parameter, words: tuple[str, ...]) -> str:
    """A title needs no quotation marks."""
    return " ".join(words)


_id = click.argument("id", callback=_name)
_title = click.argument("title", nargs=-1, required=True, callback=_words)


@main.group()
def new() -> None:
    """Write a new file: complete, with notes on what belongs where (docs/id/penyunting.md)."""


@new.command()
@_id
@click.option("--title", prompt="Judul modul")
@click.option("--agenda", help="Id of an agenda of content/course.yml; asked for when left out.")
@which_pack.own_option
def module(id: str, title: str, agenda: str | None, pack: Folder) -> None:
    """Write the index of module ID, which names its folder."""
    catalog = load(pack)
    _write(pack, files.module(catalog, id, title, agenda or _asked_agenda(catalog), today=_today()))
    click.echo(f"Lalu: lms new lesson {id} Judul materi, dan lms new quiz {id}")


def _asked_agenda(catalog: Catalog) -> str:
    width = max((len(one.id) for one in catalog.agendas), default=0)
    for one in catalog.agendas:
        click.echo(f"  {one.id:<{width}}  {one.title}")
    chosen: str = click.prompt("Agenda", value_proc=_agenda_of(catalog))
    return chosen


def _agenda_of(catalog: Catalog) -> Callable[[str], str]:
    def read(typed: str) -> str:
        try:
            files.check_agenda(catalog, typed.strip())
        except Invalid as error:
            raise click.UsageError(str(error)) from error  # and it is asked again
        return typed.strip()

    return read


@new.command()
@click.argument("module")
@_title
@which_pack.own_option
def lesson(module: str, title: str, pack: Folder) -> None:
    """Write a lesson with this TITLE behind the others of MODULE."""
    catalog = load(pack)
    _write(pack, files.lesson(catalog, module, title, today=_today()))


@new.command()
@_id
@click.option("--title", prompt="Judul kuis")
@which_pack.own_option
def quiz(id: str, title: str, pack: Folder) -> None:
    """Write quiz ID with a question of every kind; it belongs to the module of that name, if there is one."""
    catalog = load(pack)
    _write(pack, files.quiz(catalog, id, title, today=_today()))


@new.command()
@_id
@click.option("--title", prompt="Nama pendek, mis. UU 20/2023")
@which_pack.own_option
def regulation(id: str, title: str, pack: Folder) -> None:
    """Write an entry of the register for regulation ID, e.g. uu-20-2023."""
    catalog = load(pack)
    _write(pack, files.regulation(catalog, id, title, today=_today()))


@new.command()
@_title
@which_pack.own_option
def term(title: str, pack: Folder) -> None:
    """Add a term to the glossary."""
    catalog = load(pack)
    _write(pack, files.term(catalog, title))


@new.command("pack")
@_id
@click.argument("folder", type=click.Path(path_type=Path), required=False)
def new_pack(id: str, folder: Path | None) -> None:
    """Write a package that brings a pack called ID, to be installed with pip: a course with a module, and its test.

    It is written into FOLDER, or into one called ID.
    """
    root = folder or Path(id)
    written = list(package.files(id, today=_today()))
    try:
        root.mkdir(parents=True, exist_ok=True)
        if any(root.iterdir()):
            raise NotDone(f"there is something in {root} already; name an empty folder, or one that is not there")
        for file in written:
            (root / file.path).parent.mkdir(parents=True, exist_ok=True)
            (root / file.path).write_text(file.text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise NotDone(f"{error.filename or root} was not written: {error.strerror}") from error
    click.echo(
        f"Ditulis: {root}. Lalu: pip install --no-deps --editable {shlex.quote(str(root))}, dan LMS_PACK={id} lms serve"
    )


def _today() -> date:
    return datetime.now(UTC).date()


def _write(folder: Folder, file: files.NewFile) -> None:
    try:
        if file.adds and (before := _text(folder, file.path)):
            folder.write(file.path, f"{before.rstrip()}\n{file.text}".encode())
        else:
            folder.create(file.path, file.text.encode())
    except Unreadable as error:
        raise NotDone(f"{file.path} was not written: {error.why}") from error
    written = _from_here(folder.root / file.path)
    click.echo(f"Ditulis: {written}. Ganti yang berbunyi `TULIS:`, lalu jalankan lms check. Panduan: {GUIDE}")


def _from_here(path: Path) -> Path:
    """As somebody opens it who stands where the command was given."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _text(folder: Folder, path: str) -> str:
    """What a file holds; nothing where there is none."""
    try:
        return folder.read(path).decode()
    except Unreadable:
        return ""
