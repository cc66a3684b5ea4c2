"""Print the figures of search, and with ``--all`` what each query missed or showed without need."""

from __future__ import annotations

import sys

from lms.catalog.load import load
from lms.catalog.source import bundled
from tests.search.figures import figures, judge, lists


def main(arguments: list[str]) -> None:
    catalog = load(bundled())
    for list_name, queries in lists().items():
        judged = [judge(catalog, query) for query in queries]
        for one in judged:
            if "--all" in arguments and (one.missed or one.wrong):
                print(f"  {one.query}: {one.recall:.2f} {one.precision:.2f}")
                print("".join(f"    missed {each}\n" for each in one.missed), end="")
                print("".join(f"    wrong  {each}\n" for each in one.wrong), end="")
        all_of = figures(judged)
        print(f"{list_name}: {all_of.queries} queries, recall {all_of.recall:.3f}, precision {all_of.precision:.3f}")


if __name__ == "__main__":
    main(sys.argv[1:])
