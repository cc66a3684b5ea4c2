"""A kind of another package, tried at the start on its own example, on its page, too (``quiz/trial.py``)."""

from __future__ import annotations

from itertools import product

from flask import Flask

from lms import plugins
from lms.plugins import BadPlugin
from lms.quiz import trial
from lms.quiz.item import Item
from lms.quiz.items import installed
from lms.quiz.items.registry import ITEM_KINDS
from lms.quiz.review import EVERYTHING, NOTHING
from lms.quiz.source import sample
from lms.web import items, kinds, words

_sound: set[type[Item]] = set()  # they need not be tried again for the next application of this process


def try_out(app: Flask) -> None:
    """Raises ``BadPlugin`` for a kind that fails at its own example."""
    for name in kinds.others():
        if fault := trial.fault(ITEM_KINDS[name]) or _fault_of_page(app, ITEM_KINDS[name]):
            raise BadPlugin(
                f"the package {plugins.packages(plugins.ITEMS, name)} brings the question kind {name!r}, in which "
                f"{fault}; {installed.ADVICE}"
            )


def _fault_of_page(app: Flask, kind: type[Item]) -> str:
    """How its page fails, before and after the key may be seen; empty where it does not."""
    if kind in _sound:
        return ""
    item = sample(kind)
    try:
        with app.test_request_context():
            words.speak(words.SOURCE)  # or whose language it is would be asked, of a host, too
            for response, visible in product((None, item.key()), (NOTHING, EVERYTHING)):
                shown = items.view(item, response=response, visible=visible)
                page = app.jinja_env.get_template(shown.template).module
                page.ask(shown)  # type: ignore[attr-defined]
                page.review(shown)  # type: ignore[attr-defined]
    except Exception as error:  # whatever its code does
        return f"`page.html` fails at its own example ({error!r})"
    _sound.add(kind)
    return ""
