"""``lms check`` reports everything at once, each mistake on its line, and nothing where nothing is wrong."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from lms.catalog import check
from lms.catalog.codes import CODES
from lms.catalog.source import Folder, bundled
from lms.fields import CODES as FIELD_CODES
from lms.fields import Severity
from lms.markup import CODES as TEXT_CODES
from lms.quiz.codes import CODES as QUIZ_CODES
from tests.conftest import PACK

BROKEN = Path(__file__).parents[1] / "broken_pack"
GUIDE = Path(__file__).parents[2] / "docs/id/kode-periksa.md"
ALL_CODES = {**FIELD_CODES, **TEXT_CODES, **QUIZ_CODES, **CODES}


def found(root: Path) -> list[str]:
    return [f"{problem.path}:{problem.line}: {problem.code}" for problem in check.check(Folder.at(root))]


def test_a_folder_of_broken_files_is_reported_completely_and_on_the_right_lines() -> None:
    expected = (BROKEN / "expected.txt").read_text(encoding="utf-8").splitlines()
    assert sorted(found(BROKEN)) == expected


def test_what_keeps_files_from_being_read_comes_first(pack: Path) -> None:
    (pack / "content/media/lepas.svg").write_text("<svg/>", encoding="utf-8")
    register = pack / "content/regulations/uu-lama.yml"
    register.write_text(register.read_text(encoding="utf-8").replace("since:", "sinse:"), encoding="utf-8")
    first, second = (line for line in found(pack) if line.rpartition(" ")[2] in {"F011", "C008"})
    assert (first, second) == ("content/regulations/uu-lama.yml:4: F011", "content/media/lepas.svg:1: C008")


def test_a_sound_pack_has_no_errors() -> None:
    assert [problem for problem in check.check(Folder.at(PACK)) if problem.severity is Severity.ERROR] == []


def test_the_shipped_pack_has_no_errors() -> None:
    assert [str(problem) for problem in check.check(bundled()) if problem.severity is Severity.ERROR] == []


def test_every_code_is_met_by_a_test() -> None:
    listed = (BROKEN / "expected.txt").read_text(encoding="utf-8") + Path(__file__).read_text(encoding="utf-8")
    listed += "".join(path.read_text(encoding="utf-8") for path in (Path(__file__).parents[1] / "quiz").rglob("*.py"))
    listed += "".join(path.read_text(encoding="utf-8") for path in (BROKEN / "inputs").glob("*.txt"))
    for file in ("markup/test_proof.py", "fields/test_fields.py", "catalog/test_coverage.py"):
        listed += (Path(__file__).parents[1] / file).read_text(encoding="utf-8")
    assert [code for code in ALL_CODES if code not in listed] == []


def test_every_code_has_its_paragraph_in_the_editors_guide() -> None:
    guide = GUIDE.read_text(encoding="utf-8")
    assert [code for code in ALL_CODES if f"| {code} |" not in guide] == []


def test_a_pack_without_a_course_is_told_so(pack: Path) -> None:
    (pack / "content/course.yml").unlink()
    assert "content/course.yml:1: C001" in found(pack)


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
def test_a_link_out_of_the_pack_is_not_followed(pack: Path) -> None:
    (pack / "quizzes/tautan.md").symlink_to("/etc/hostname")
    (pack / "modules/pecahan/luar").symlink_to("/etc")
    assert {"quizzes/tautan.md:1: C003", "modules/pecahan/luar:1: C003"} <= set(found(pack))


def test_a_large_picture_is_a_burden(pack: Path) -> None:
    picture = pack / "content/media/setengah.svg"
    picture.write_text(picture.read_text(encoding="utf-8") + " " * 200_000, encoding="utf-8")
    assert "content/media/setengah.svg:1: C007" in found(pack)


def test_a_lesson_may_be_too_long(pack: Path) -> None:
    lesson = pack / "modules/desimal/01-koma.md"
    lesson.write_text(lesson.read_text(encoding="utf-8") + "kata " * 1400, encoding="utf-8")
    assert "modules/desimal/01-koma.md:1: L012" in found(pack)


def test_the_report_comes_as_text_and_as_json() -> None:
    problems = check.check(Folder.at(BROKEN))
    listed = json.loads(check.report(problems, "json"))
    assert [one["code"] for one in listed] == [problem.code for problem in problems]
    text = check.report(problems).splitlines()
    assert text[0] == str(problems[0])
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    assert text[-1] == f"{errors} kesalahan, {len(problems) - errors} peringatan."
    assert check.report([]) == "Tidak ada masalah."
