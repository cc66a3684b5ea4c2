"""What somebody sees whose launch was refused, and what the operator's log says of it: the same code and request.

The page opens in a frame of whoever shows it, since an unknown platform is told on it, too: it holds nothing that is
anybody's, and nothing to press.
"""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from lms.errors import Said
from lms.features.lti.blueprint import bp
from lms.features.lti.refusals import Code, LaunchRefused
from lms.logs import logger
from lms.web import framing
from lms.web.guards import wants_json
from lms.web.log import request_id
from lms.web.words import LANGUAGES, current_language, in_language

log = logger("lms.lti")

#: What an administrator has to allow; all else was not sent as it must be.
_NOT_ALLOWED = {
    *(Code.UNKNOWN_PLATFORM, Code.NOT_APPROVED, Code.UNKNOWN_DEPLOYMENT, Code.FORBIDDEN_ADDRESS),
    Code.BESIDE_HOST,
}
#: Of what was sent, so much is quoted.
_QUOTED = 500

_TITLE = Said("Kegiatan ini belum dapat dibuka")


@bp.errorhandler(LaunchRefused)
def refused(error: LaunchRefused) -> ResponseReturnValue:
    """The answer to a launch, or whatever else of a platform, that was refused."""
    return page(error, _TITLE, error.step)


def page(error: LaunchRefused, title: Said, step: Said) -> ResponseReturnValue:
    """In both languages, the reader's first: in a frame it may not be known who reads."""
    status = 403 if error.code in _NOT_ALLOWED else 400
    _tell(error)
    if wants_json(request):
        said = in_language(current_language())
        message = f"{said(error.cause)} {said(step)}"
        return {"error": {"code": error.code, "message": message, "request_id": request_id()}}, status
    first = current_language()
    languages = [first, *(one for one in LANGUAGES if one != first)]
    told = [
        {"language": one, "title": say(title), "cause": say(error.cause), "step": say(step)}
        for one, say in ((one, in_language(one)) for one in languages)
    ]
    framing.admit_here(["*"])
    return render_template("lti/refused.html", told=told, code=error.code, request_id=request_id()), status


def _tell(error: LaunchRefused) -> None:
    fields = {
        "id": request_id(),
        "code": error.code.value,
        "cause": in_language("en")(error.cause),
        "detail": error.detail[:_QUOTED],
        "path": request.path,
    }
    log.warning("launch refused", extra={"fields": fields})
