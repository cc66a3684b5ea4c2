"""How a command is told which pack it is about: by a folder, by the name of an installed pack, or by ``LMS_PACK``."""

from __future__ import annotations

import os

import click

from lms.catalog.source import Folder, NoPack, NotInstalled, chosen
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


argument = click.argument("pack", required=False, callback=_pack)
option = click.option("--pack", callback=_pack, help="Another pack: its folder, or its name when it is installed.")
