"""Commands for packs: what is wrong in one, what it covers, and its canonical form."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime

import click

from lms.catalog import check, coverage, mending, outcomes, statistics, truth
from lms.catalog.load import load
from lms.catalog.source import Folder
from lms.cli import which_pack
from lms.cli.group import main
from lms.fields import Problem


@main.command("check")
@which_pack.argument
@click.option("--format", "style", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--stats", is_flag=True, help="Also count modules, lessons, questions.")
@click.option(
    "--fix", "fixes", is_flag=True, help="First mend what is mechanical, and tidy sound quizzes as `lms fmt`."
)
def check_pack(pack: Folder, style: str, stats: bool, fixes: bool) -> None:
    """Report every mistake of a pack at once: file:line: CODE message. Exit 1 when there is an error."""
    problems = _mended(pack, err=style == "json") if fixes else check.check(pack)
    click.echo(check.report(problems, style))
    if stats:
        click.echo(statistics.told(load(pack)), err=style == "json")
    sys.exit(1 if any(problem.severity is check.Severity.ERROR for problem in problems) else 0)


def _mended(pack: Folder, *, err: bool) -> Sequence[Problem]:
    """What is left to mend by hand; each line that is mended is shown. ``err``: on standard error."""
    done = mending.mend(pack)
    lines = [line for path in sorted(done.said) for line in done.said[path]]
    for line in lines:
        click.echo(line, err=err)
    for line in done.refused:
        click.echo(line, err=True)
    click.echo(f"{len(lines)} baris dibetulkan." if lines else "Tidak ada yang dapat dibetulkan sendiri.", err=err)
    return done.left


@main.command("coverage")
@click.argument("regulations", nargs=-1)
@which_pack.option
@click.option("--format", "style", type=click.Choice(["text", "csv"]), default="text", show_default=True)
@click.option("--empty", is_flag=True, help="Only what lacks a lesson or a question.")
@click.option("--outcomes", "by_outcome", is_flag=True, help="Instead: what tests each learning outcome.")
@click.option("--review", is_flag=True, help="Instead: what is to be read against the law.")
def show_coverage(
    regulations: tuple[str, ...], pack: Folder, style: str, empty: bool, by_outcome: bool, review: bool
) -> None:
    """Show for every article which lessons, self-checks and questions cite it; of these REGULATIONS or of all."""
    catalog = load(pack)
    if by_outcome:
        found = [one for one in outcomes.tested(catalog) if one.empty or not empty]
        return click.echo(outcomes.told(found))
    wanted = {catalog.regulation(id).id for id in regulations} or catalog.regulations.keys()
    covered = [one for one in coverage.survey(catalog) if one.regulation.id in wanted]
    if review:
        return click.echo(truth.told(truth.review(catalog, covered, today=datetime.now(UTC).date())))
    covered = coverage.empty_only(covered) if empty else covered
    return click.echo(coverage.as_csv(covered) if style == "csv" else coverage.table(covered), nl=style == "text")


@main.command("fmt")
@which_pack.argument
@click.option("--check", "only_check", is_flag=True, help="Change nothing; exit 1 when a file would change.")
def format_pack(pack: Folder, only_check: bool) -> None:
    """Write missing ids and the canonical form into the quiz files of a pack. Ids that are there never change."""
    changed = 0
    for name, tidied in mending.untidy(pack):
        if tidied is None:
            click.echo(f"{name}: left alone, it is no UTF-8 text; `lms check` says more", err=True)
            continue
        changed += 1
        click.echo(name)
        if not only_check:
            pack.write(name, tidied.encode())
    click.echo(f"{changed} file(s) {'would change' if only_check else 'changed'}.")
    sys.exit(1 if changed and only_check else 0)
