"""How a command is told which pack it is about: by a folder, by the name of an installed pack, or by ``LMS_PACK``."""

from __future__ import annotations

import os

import click

from lms.catalog.source import Folder, NoPack, NotInstalled, chosen
from lms.cli.group import NotDone
from lms.config import from_environ


def _pack(context: click.Context, parameter: click.Parameter, given: str | None) -> Folder:
    """Without a word, the pack that is served here. A folder may be empty: it is to become a pack."""
    if given is None:
        return chosen(from_environ().pack)
    try:
        return chosen(given, "the pack")
    except NotInstalled:
        raise
    except NoPack:
        if os.path.isdir(given):
            return Folder.at(given)
        raise


def _own(context: click.Context, parameter: click.Parameter, given: str | None) -> Folder:
    pack = _pack(context, parameter, given)
    if pack.is_installed:
        raise NotDone(
            f"the pack lies in {pack.root}, among installed packages, where the next installation would undo what is "
            "written; install its project with pip install --no-deps --editable, or name its folder with --pack"
        )
    return pack


_HELP = "Another pack: its folder, or its name when it is installed."
argument = click.argument("pack", required=False, callback=_pack)
option = click.option("--pack", callback=_pack, help=_HELP)
#: Where something is to be written that an author keeps; judged before anything is asked for.
own_option = click.option("--pack", callback=_own, is_eager=True, help=_HELP)
