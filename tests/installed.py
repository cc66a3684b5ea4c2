"""Packages of others that this process takes for installed, as ``pip install --editable`` leaves them."""

from __future__ import annotations

import tomllib
from pathlib import Path


def places(source: Path, site: Path) -> list[str]:
    """What belongs on ``sys.path``: the source of a package, and ``site``, where it is written down as installed."""
    project = tomllib.loads((source / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    written_down(site, project["name"], project["entry-points"])
    return [str(source), str(site)]


def written_down(site: Path, package: str, groups: dict[str, dict[str, str]]) -> None:
    """Write down in ``site`` that a package is installed, and what it names under which group of entry points."""
    info = site / f"{package.replace('-', '_')}-0.1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 0.1\n", encoding="utf-8")
    lines = [
        f"[{group}]\n" + "".join(f"{name} = {value}\n" for name, value in of.items()) for group, of in groups.items()
    ]
    (info / "entry_points.txt").write_text("\n".join(lines), encoding="utf-8")
