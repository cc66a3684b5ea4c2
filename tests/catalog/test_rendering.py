"""Texts are rendered by the catalog alone: without a request, once for each version, and never mixed."""

from __future__ import annotations

import subprocess
import sys

from lms.catalog import rendering
from lms.catalog.load import load
from lms.catalog.model import Catalog
from lms.catalog.source import Folder
from lms.markup import Slot
from tests.catalog.memory import InMemory
from tests.conftest import PACK

_EVERY_LESSON = """
import sys
from lms.catalog import rendering
from lms.catalog.load import load
from lms.catalog.source import bundled
from lms.markup import Slot

catalog = load(bundled())
for lesson in catalog.every_lesson:
    text = rendering.lesson(catalog, lesson)
    assert sum(isinstance(part, Slot) for part in text.parts) == len(lesson.checks), lesson.id
    assert not any('class="missing"' in part for part in text.parts if isinstance(part, str)), lesson.id
for module in catalog.modules.values():
    assert rendering.fragment(catalog, module.introduction, module.id)
print(len(catalog.lessons), sorted({"flask", "werkzeug", "jinja2", "sqlalchemy"} & sys.modules.keys()))
"""


def html(catalog: Catalog, lesson: str) -> str:
    text = rendering.lesson(catalog, catalog.lesson(lesson))
    return "\n".join(part for part in text.parts if not isinstance(part, Slot))


def test_every_lesson_of_the_shipped_pack_is_rendered_where_nobody_knows_the_web() -> None:
    said = subprocess.run([sys.executable, "-c", _EVERY_LESSON], capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    assert int(said.stdout.split()[0]) >= 65
    assert said.stdout.split(maxsplit=1)[1].strip() == "[]"


def test_a_text_names_what_its_links_lead_to() -> None:
    text = html(load(Folder.at(PACK)), "pecahan/setengah")
    for link in ('href="/~reg/uu-baru#3.2"', 'href="/~term/pembilang"', 'src="/~picture/media/setengah.svg"'):
        assert link in text


def test_a_link_that_leads_nowhere_is_told_in_its_place() -> None:
    memory = InMemory.copy_of(Folder.at(PACK))
    memory.replace("modules/desimal/01-koma.md", "koma.", "koma. [lama](lesson:tiada/ada) ![x](media/tiada.svg)")
    text = html(load(memory), "desimal/koma")
    assert '<span class="missing">lama</span>' in text
    assert '<span class="missing">x</span>' in text


def test_a_lesson_is_linked_by_a_former_name_too() -> None:
    memory = InMemory.copy_of(Folder.at(PACK))
    memory.replace("modules/desimal/01-koma.md", "koma.", "koma. [lama](lesson:pecahan/separuh#tanda)")
    text = html(load(memory), "desimal/koma")
    assert 'href="/~lesson/pecahan/setengah#bagian-tanda"' in text


def test_each_version_of_a_text_is_rendered_once() -> None:
    catalog = load(Folder.at(PACK))
    lesson = catalog.lesson("pecahan/setengah")
    assert rendering.lesson(catalog, lesson) is rendering.lesson(catalog, lesson)
    assert rendering.inline(catalog, "satu *kata*") is rendering.inline(catalog, "satu *kata*")


def test_one_catalog_knows_nothing_of_what_another_rendered() -> None:
    memory = InMemory.copy_of(Folder.at(PACK))
    before = load(memory)
    memory.replace("content/regulations/uu-baru.yml", "in-force", "revoked")
    memory.replace("content/glossary.yml", "Bilangan di bawah garis pecahan.", "Yang di bawah.")
    after = load(memory)
    lesson = "pecahan/setengah"
    assert before.lesson(lesson).digest == after.lesson(lesson).digest, "the text itself is the same"
    assert ("citation revoked" in html(before, lesson), "citation revoked" in html(after, lesson)) == (False, True)
    assert ("Yang di bawah." in html(before, lesson), "Yang di bawah." in html(after, lesson)) == (False, True)
