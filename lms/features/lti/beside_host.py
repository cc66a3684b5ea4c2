"""Where a host application says who is there (docs/adr/0036), no platform can: nobody comes in by a launch, and nobody
sets platforms up. What was launched before there was a host goes on being sent."""

from __future__ import annotations

from flask import request

from lms.features.lti.blueprint import bp
from lms.features.lti.refusals import Code, LaunchRefused
from lms.web.site import site

_GOES_ON = {"lti.keys", "lti.not_sent", "lti.resend", "lti.read_roster"}


@bp.before_request
def _refuse() -> None:
    if site().host and request.endpoint not in _GOES_ON:
        raise LaunchRefused(Code.BESIDE_HOST, request.path)
