"""Templates of the house, laid over ours (``LMS_TEMPLATES``). Which of ours are promised, ``docs/plugins.md`` says."""

from __future__ import annotations

from difflib import get_close_matches

from flask import Flask
from jinja2 import BaseLoader, ChoiceLoader, FileSystemLoader, PrefixLoader, TemplateNotFound, TemplateSyntaxError
from jinja2.meta import find_referenced_templates

from lms.config import BadSetting

#: ``{% extends "lms/base.html" %}``: ours, beneath the one that is laid over it.
OURS = "lms"


def lay(app: Flask, folder: str) -> None:
    """Let templates in ``folder`` be found before ours; when all blueprints and filters are there.

    Raises ``BadSetting`` for one that would do nothing, or break the page it is of.
    """
    if not folder:
        return
    ours, house = _ours(app), FileSystemLoader(folder)
    names = [name for name in house.list_templates() if not any(part.startswith(".") for part in name.split("/"))]
    known = {name for name in ours.list_templates() if name.endswith(".html")}
    for name in names:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            raise BadSetting(
                f"LMS_TEMPLATES holds {name}, which is none of our templates and would do nothing; "
                + (f"write {near[0]}" if near else "docs/plugins.md lists those that are stable")
            )
    app.jinja_loader = ChoiceLoader([house, PrefixLoader({OURS: ours}), *filter(None, [app.jinja_loader])])
    for name in names:
        _prove(app, house, name)


def _ours(app: Flask) -> BaseLoader:
    """Templates of all pages, and those of each feature."""
    return ChoiceLoader(list(filter(None, (app.jinja_loader, *(part.jinja_loader for part in app.iter_blueprints())))))


def _prove(app: Flask, house: BaseLoader, name: str) -> None:
    """Raises ``BadSetting`` for a template that cannot be placed, whoever asks for its page."""
    env = app.jinja_env
    try:
        source = house.get_source(env, name)[0]
        env.get_template(name)
        for other in find_referenced_templates(env.parse(source)):
            if other == name:
                raise BadSetting(f'LMS_TEMPLATES: {name} rests on itself; write "{OURS}/{name}" for the one beneath it')
            if other:
                env.get_template(other)
    except TemplateSyntaxError as error:
        raise BadSetting(f"LMS_TEMPLATES: {name}, line {error.lineno}: {error.message}") from error
    except TemplateNotFound as error:
        raise BadSetting(f"LMS_TEMPLATES: {name} asks for {error.name}, which does not exist") from error
    except OSError as error:
        raise BadSetting(f"LMS_TEMPLATES: {name} cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise BadSetting(f"LMS_TEMPLATES: {name} is not UTF-8; save it as UTF-8") from error
