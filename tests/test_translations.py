"""Every text of the interface can be read in English, and the compiled file is that of the readable one."""

from __future__ import annotations

import ast
import re
from io import BytesIO

from babel.messages.mofile import write_mo

from tests import translate

ENGLISH = translate.catalog()
_PLACE = re.compile(r"%\(\w+\)s|%%|\{\w+\}")


def test_every_text_is_translated_and_none_is_left_over() -> None:
    wanted = {message.id for message in translate.template() if message.id}
    translated = {message.id for message in ENGLISH if message.id and message.string and not message.fuzzy}
    assert wanted - translated == set(), "run python3 dev.py translate and fill what is empty"
    assert translated - wanted == set(), "run python3 dev.py translate"


def test_whatever_is_said_later_can_be_found_here() -> None:
    """``Said`` is collected where its sentence stands in the call itself."""
    for path in translate.LMS.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id="Said"), args=[ast.Constant(value=str())]):
                    pass
                case ast.Call(func=ast.Name(id="Said")) if path.name != "errors.py":
                    raise AssertionError(f"{path}:{node.lineno}: no sentence that can be translated")


def test_translations_keep_their_places() -> None:
    for message in ENGLISH:
        if message.id:
            assert sorted(_PLACE.findall(message.id)) == sorted(_PLACE.findall(str(message.string))), message.id


def test_the_compiled_file_is_current() -> None:
    compiled = BytesIO()
    write_mo(compiled, ENGLISH)
    assert translate.PO.with_suffix(".mo").read_bytes() == compiled.getvalue(), "run python3 dev.py translate"
