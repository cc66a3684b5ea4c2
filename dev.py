#!/usr/bin/env python3
"""Everything a newcomer needs, with nothing but Python 3.11 and pip.

python3 dev.py run [--port 8000]   make the environment, the database and demonstration people; serve
python3 dev.py test [ARGS …]       everything the tests need, then all tests (ARGS go to pytest)
python3 dev.py check [--static]    format, lint, types, import contracts, the pack, fast tests (unless --static)
python3 dev.py bench [ARGS …]      measure against the bare endpoints (docs/performance.md)
python3 dev.py bench pack          measure what a pack of a thousand modules costs
python3 dev.py bench size          measure what a cohort of thousands costs
python3 dev.py bench curve         measure what the figures of instructors cost as attempts grow
python3 dev.py simulate            is a planted fault of a question told, and a healthy one accused?
python3 dev.py format              rewrite the code in the house format
python3 dev.py translate           collect the texts of the interface for translation
python3 dev.py search [--all]      does search find what people look for? recall, precision; what each query misses
python3 dev.py mutate [PATHS …]    break lms/learning and lms/quiz in small ways: do the tests notice? (hours)
python3 dev.py screenshot          take the README's picture anew
python3 dev.py lms ARGS …          the lms command in this environment
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = ENVIRONMENT / "installed.txt"
#: What is installed, to the file: every version with its hashes. The second holds the first.
PRODUCTION, DEVELOPMENT = "constraints.txt", "constraints-dev.txt"


def main(arguments: list[str]) -> int:
    if sys.version_info < (3, 11):
        stop(f"Python 3.11 or newer is needed, and this is {sys.version.split()[0]}; run this with another python3")
    command, rest = (arguments[0], arguments[1:]) if arguments else ("help", [])
    commands = {
        "run": lambda: python("-m", "lms", "develop", *rest, packages=PRODUCTION),
        "lms": lambda: python("-m", "lms", *rest, packages=PRODUCTION),
        # three more than there are processors: whoever waits for a browser or a time-out leaves room for another; and
        # who has nothing left takes from the others, or the last one would go through the browser tests alone
        "test": lambda: python("-m", "pytest", "-n", str((os.cpu_count() or 1) + 3), "--dist", "worksteal", *rest),
        "check": lambda: check(static="--static" in rest),
        "format": lambda: python("-m", "ruff", "check", "--fix", "-q", ".") or python("-m", "ruff", "format", "."),
        "bench": lambda: python("-m", "bench", *rest),
        "simulate": lambda: python("-m", "bench.simulation", *rest),
        "search": lambda: python("-m", "tests.search", *rest),
        "mutate": lambda: python("-m", "tests.mutate", *rest),
        "screenshot": lambda: python("-m", "tests.screenshot", *rest),
        "translate": lambda: python("-m", "tests.translate", *rest),
    }
    if command not in commands:
        print(__doc__)
        return 0 if command in {"help", "-h", "--help"} else 2
    return commands[command]()


def check(*, static: bool) -> int:
    """The one gate before a commit. Runs everything, and fails if anything failed; ``static``: all but the tests."""
    steps = {
        "format": ("-m", "ruff", "format", "--check", "."),
        "lint": ("-m", "ruff", "check", "."),
        "types": ("-m", "mypy"),
        "contracts": ("-c", "from importlinter.cli import lint_imports_command as c; c()"),
        "pack": ("-m", "lms", "check"),
        "tests": ("-m", "pytest", "-q", "-n", "auto", "-m", "not slow and not browser"),
    }
    if static:
        del steps["tests"]
    failed = [name for name, step in steps.items() if announce(name) or python(*step)]
    print("\ncheck:", f"FAILED: {', '.join(failed)}" if failed else "all green", flush=True)
    return 1 if failed else 0


def announce(name: str) -> None:
    print(f"\n== {name} ==", flush=True)


def python(*arguments: str, packages: str = DEVELOPMENT) -> int:
    """Run the environment's Python in the clone; ``packages``: the list of those that it must have."""
    install(packages)
    started = subprocess.Popen([str(PYTHON), *arguments], cwd=ROOT)
    signal.signal(signal.SIGTERM, lambda *_: started.terminate())  # who ends this means the server it started
    try:
        return started.wait()
    except KeyboardInterrupt:  # the terminal told the server, too
        started.wait()
        return 0


def install(packages: str) -> None:
    """Make the environment and fill it, unless it is already what setup.cfg and the lists of packages ask for."""
    inputs = [(ROOT / name).read_bytes() for name in ("setup.cfg", "pyproject.toml", PRODUCTION, DEVELOPMENT)]
    base = hashlib.sha256(b"\0".join([sys.version.encode(), sys.executable.encode(), *inputs])).hexdigest()
    done = STAMP.read_text().split() if STAMP.exists() else []
    if done[:1] == [base] and (packages in done[1:] or DEVELOPMENT in done[1:]):
        return
    lacking = [name for name in ("venv", "pip") if importlib.util.find_spec(name) is None]
    if lacking:
        stop(
            f"{sys.executable} has no {' and no '.join(lacking)}; install it (Debian, Ubuntu: apt install python3-venv "
            "python3-pip; elsewhere: python3 -m ensurepip), or run this with another python3"
        )
    if not os.access(ROOT, os.W_OK):
        stop(f"This user may not write in {ROOT}; run this as the one who may, or in a clone of your own")
    try:
        fill(packages, base, done)
    except OSError as error:
        stop(f"{error.filename or ROOT}: {error.strerror}; take it away, or run this in a clone of your own")
    except subprocess.CalledProcessError:
        stop("The environment could not be made, for the reason above; run this again when it is gone")


def fill(packages: str, base: str, done: list[str]) -> None:
    if done[:1] != [base]:
        done = [base]
        if ENVIRONMENT.exists():
            shutil.rmtree(ENVIRONMENT)  # another Python or other packages: mending costs more than making anew
    print("Installing what is needed (the first time takes a minute) …", flush=True)
    if not PYTHON.exists():
        subprocess.check_call([sys.executable, "-m", "venv", "--without-pip", str(ENVIRONMENT)])
    pip = [sys.executable, "-m", "pip", "--python", str(PYTHON), "install", "--quiet", "--disable-pip-version-check"]
    # pip knows no hash of a folder: first what we need, by its hashes, then the clone with nothing besides
    subprocess.check_call([*pip, "--require-hashes", "-r", str(ROOT / packages)])
    subprocess.check_call([*pip, "--no-deps", "--no-build-isolation", "-e", str(ROOT)])
    STAMP.write_text(" ".join([*done, packages]))


def stop(sentence: str) -> NoReturn:
    print(f"dev.py: {sentence}.", file=sys.stderr)
    sys.exit(2)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
