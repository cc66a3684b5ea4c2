"""What this feature offers to the others."""

from __future__ import annotations

from lms.features.lti import beside_host as beside_host  # it looks at each request of these
from lms.features.lti import launch as launch  # its routes belong to these
from lms.features.lti import not_sent as not_sent
from lms.features.lti import picker as picker
from lms.features.lti import platforms as platforms
from lms.features.lti import refusal_page as refusal_page
from lms.features.lti import registration as registration
from lms.features.lti.blueprint import bp as bp
from lms.web.guards import Permission
from lms.web.links import Entry
from lms.web.words import gettext as _

LINKS = {"platforms": "lti.every_platform", "not-sent": "lti.not_sent"}
MENU = (
    Entry(
        name="lti",
        noun="platforms",
        title=lambda: _("Platform (LTI)"),
        needs=Permission.ADMINISTER,
        place=85,
        beside_host=False,
    ),
)
