"""The page of a launch that is not taken: a code, what happened, what to do; and the operator's line that says so, too.

It says nothing of anybody and offers nothing to press, so it may stand in a frame of whoever asked.
"""

from __future__ import annotations

import logging

from flask import render_template, request
from flask.typing import ResponseReturnValue

from lms.features.lti.refusals import LaunchRefused
from lms.web import framing
from lms.web.log import request_id
from lms.web.words import gettext as _

log = logging.getLogger("lms.lti")


def refused(error: LaunchRefused) -> ResponseReturnValue:
    fields = {"id": request_id(), "path": request.path, "code": error.code, "cause": str(error.cause)}
    log.warning("launch refused", extra={"fields": {**fields, "detail": error.detail[:500]}})
    framing.admit_here(["*"])
    page = render_template(
        "lti/refused.html",
        code=error.code,
        cause=_(error.cause),
        step=_(error.step),
        request_id=request_id(),
        me=None,
        here="",
    )
    return page, 400
