"""A command for whoever writes a pack or serves one: what do people find?"""

from __future__ import annotations

from collections.abc import Iterable

import click

from lms.catalog.load import load
from lms.catalog.source import Folder
from lms.cli import which_pack
from lms.cli.group import main
from lms.search import Piece, search


@main.command("search")
@click.argument("words", nargs=-1, required=True)
@which_pack.option
@click.option("--most", type=click.IntRange(1), default=10, show_default=True, help="Pages that are shown.")
def search_pack(words: tuple[str, ...], pack: Folder, most: int) -> None:
    """Show what people find who search for these WORDS, in their order."""
    found = search(load(pack), " ".join(words))
    for typed, meant in found.taken.items():
        click.echo(f"{typed}: tidak ada; dicari {meant}")
    for word in found.unknown:
        click.echo(f"{word}: tidak ada")
    for hit in found.hits(0, most):
        click.echo(f"{hit.page.kind} {hit.page.id}: {_plain(hit.title)}")
        for place in hit.places:
            name = f"#{place.document.place} " if place.document.place else ""
            click.echo(f"    {name}{_plain(place.text)}")
    click.echo(f"{len(found)} halaman.")


def _plain(pieces: Iterable[Piece]) -> str:
    """What is marked stands between asterisks."""
    return "".join(f"*{text}*" if is_marked else text for text, is_marked in pieces)
