"""Breaks the code in small ways and asks whether the types or a test notice (mutmut 3; docs/developer.md).

    python3 dev.py mutate                        what is not yet caught, everywhere: begins, goes on, or tries again
    python3 dev.py mutate lms/learning/marks.py  these files from the start
    python3 dev.py mutate 'lms.*[37]'            those whose names are like this: a sample of a fifth, say

What it found so far stays in ``mutants/``; without that folder everything begins anew. mutmut also loads this module as
a plugin of pytest, to choose the tests of a mutant.
"""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
from mutmut.mutation.data import SourceFileMutationData
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.state import state
from mutmut.stats import status_by_exit_code
from mutmut.utils.file_utils import walk_mutatable_files

#: A test that never ends noticed, too.
CAUGHT = {"killed", "timeout", "segfault"}
REFUSED = "caught by type check"
#: Room -> how many tests of other rooms are asked after its own. The domain is also tested through its pages.
OTHERS = {"quiz": 0, "learning": 40}
#: Functions that build a statement when their module is imported, which is before mutmut chooses a mutant.
AT_IMPORT = {
    "lms.learning.members": {"lms.learning.members.x__theirs", "lms.learning.members.x__later"},
    "lms.learning.guarded_save": {"lms.learning.guarded_save.x__save"},
    "lms.learning.question_sums": {"lms.learning.question_sums.x__upsert"},
    "lms.learning.reading": {"lms.learning.reading.x__visit", "lms.learning.reading.x__answer"},
}


def main(paths: Sequence[str]) -> int:
    names = [path if "*" in path else path.removesuffix(".py").strip("/").replace("/", ".") + ".*" for path in paths]
    if not names:
        _forget_survivors()
    tools = Path(sys.executable).parent  # mutmut calls mypy by its name
    environment = {**os.environ, "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"}
    children = str(2 * (os.cpu_count() or 1))  # a change to what locks a row makes a test wait
    ended = subprocess.run(
        [str(tools / "mutmut"), "run", "--max-children", children, *names], env=environment, check=False
    )
    _report({found.path: list(_statuses(found, names or ["*"])) for found in _results()})
    return ended.returncode


def _results() -> Iterator[SourceFileMutationData]:
    for path in sorted(walk_mutatable_files()):
        found = SourceFileMutationData(path=path)
        found.load()
        if found.exit_code_by_key:
            yield found


def _forget_survivors() -> None:
    """Tests may have been added since: what survived is asked again, what was caught is not. Nor is a timeout taken for
    granted: the machine may have had something else to do."""
    for found in _results():
        for name, status in _statuses(found, ["*"]):
            if status == "timeout" or _verdict(status) == "left":
                found.exit_code_by_key[name] = None
        found.save()


def _statuses(found: SourceFileMutationData, names: Sequence[str]) -> Iterator[tuple[str, str]]:
    for name, code in found.exit_code_by_key.items():
        if code is not None and any(fnmatch(name, pattern) for pattern in names):
            yield name, "error in the run" if code == 255 else status_by_exit_code[code]


def _report(results: Mapping[Path, list[tuple[str, str]]]) -> None:
    for path, statuses in results.items():
        for name, status in statuses:
            if _verdict(status) == "left":
                print(f"\n{name}: {status}\n{get_diff_for_mutant(name, path=path)}")
    print("\nmutants  refused by types  caught by tests  left   caught of the rest")
    total: Counter[str] = Counter()
    for path, statuses in results.items():
        counted = Counter(_verdict(status) for _, status in statuses)
        total += counted
        _line(str(path), counted)
    _line("together", total)


def _verdict(status: str) -> str:
    return "caught" if status in CAUGHT else "refused" if status == REFUSED else "left"


def _line(name: str, counted: Counter[str]) -> None:
    rest = counted["caught"] + counted["left"]
    share = f"{counted['caught'] / rest:.1%}" if rest else "-"
    print(f"{counted.total():7} {counted['refused']:17} {counted['caught']:16} {counted['left']:5} {share:>8}  {name}")


# --- the plugin -----------------------------------------------------------------------------------------------------


def _mutant() -> list[str]:
    """The name of the mutant under test, in its parts; of none, something else."""
    return os.environ.get("MUTANT_UNDER_TEST", "").split(".")


def _seconds(test: str) -> float:
    return float(state().duration_by_test.get(test, 0.0))


def pytest_load_initial_conftests(args: list[str]) -> None:
    """Of the tests that meet the mutant: those of its own room, then some of the others, those first that are named
    after its file, and the short before the long. To collect the rest would take longer than to run these."""
    name = _mutant()
    if name[0] != "lms":
        return
    tests = sorted((arg for arg in args if "::" in arg), key=lambda test: (name[-2] not in test, _seconds(test)))
    own = [test for test in tests if Path("tests", name[1]) in Path(test).parents]
    chosen = own + [test for test in tests if test not in own][: OTHERS[name[1]]]
    if not chosen:
        raise pytest.UsageError("no test of these rooms meets the mutant")
    args[:] = [arg for arg in args if arg not in tests] + chosen


def pytest_collection_modifyitems(items: list[Any]) -> None:
    """What thousands of examples are tried on comes last: mostly, something simpler notices before."""
    name = _mutant()
    for module, functions in AT_IMPORT.items():
        if ".".join(name).partition("__mutmut_")[0] in functions:
            importlib.reload(sys.modules[module])
    if name[0] == "lms":
        items.sort(key=lambda item: "hypothesis" in item.keywords)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown() -> None:
    """Whoever uses a module uses what it built at import: mutmut, which counts calls, is told so."""
    called = state()._stats
    for module, functions in AT_IMPORT.items():
        if any(name.startswith(f"{module}.") for name in called):
            called.update(functions)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
