"""The worker that answers without a link, the manifest of the application, and the page of what a device holds.

What a device may keep is said where the page is made (``lms/web/keeping.py``); a module's list stands with its lessons
(``lms/features/learn/keeping.py``).
"""

from __future__ import annotations

import json

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.http import generate_etag

from lms.web.guards import me, public
from lms.web.house import House
from lms.web.keeping import keepable
from lms.web.links import Entry, link
from lms.web.site import catalog, site

bp = Blueprint("offline", __name__, template_folder="templates")
LINKS = {"on-device": "offline.on_device", "app-manifest": "offline.manifest"}
MENU: tuple[Entry, ...] = ()

_PAPER = "#fbf8f2"  # --paper of lms.css


@bp.get("/sw.js")
@public
def worker() -> ResponseReturnValue:
    """At the top of the mount, for a worker answers for what lies beside it and below. A browser asks for it again and
    again, and takes another one as soon as any of our files changed. Where it is not wanted, the answer
    takes it back."""
    assets = site().assets
    script = "worker.js" if site().settings.offline else "worker-off.js"
    text = f'const RELEASE = "{assets.release}";\n{assets.content(script)}'
    answer = Response(text, mimetype="text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; connect-src 'self'"
    answer.set_etag(generate_etag(text.encode()))
    return answer


@bp.get("/aplikasi.webmanifest")
@public
def manifest() -> ResponseReturnValue:
    """What a home screen shows, and where it leads. In Indonesian, for it is asked for without a cookie."""
    course, house = catalog().course, site().house
    told = {
        "id": link("landing"),
        "name": house.name or course.title,
        "short_name": house.name or "Latsar",
        "description": course.subtitle,
        "lang": "id",
        "start_url": link("dashboard"),
        "scope": link("landing"),
        "display": "standalone",
        "background_color": _PAPER,
        "theme_color": _PAPER,
        "icons": _icons(house),
        "shortcuts": [
            {"name": "Materi", "url": link("outline")},
            {"name": "Di perangkat ini", "url": link("on-device")},
        ],
    }
    answer = Response(json.dumps(told, ensure_ascii=False), mimetype="application/manifest+json")
    answer.headers["Cache-Control"] = "max-age=86400"  # a browser asks with every page
    return answer


def _icons(house: House) -> list[dict[str, str]]:
    if house.logo:
        return [{"src": _asset(house.logo), "sizes": "any", "type": house.icon_type}]
    return [
        {"src": _asset("icon.svg"), "sizes": "any", "type": "image/svg+xml"},
        {"src": _asset("icon-192.png"), "sizes": "192x192", "type": "image/png"},
        {"src": _asset("icon-maskable-512.png"), "sizes": "512x512", "type": "image/png", "purpose": "maskable"},
        {"src": _asset("icon-maskable-512.png"), "sizes": "512x512", "type": "image/png"},
    ]


def _asset(name: str) -> str:
    return request.script_root + site().assets.url(name)


@bp.get("/luring")
@public
@keepable
def on_device() -> ResponseReturnValue:
    """What this device holds, listed by its script. It is also what a page answers with that nobody can reach."""
    user = me().user_id if current_user.is_authenticated else ""
    return render_template("offline/on_device.html", user=user, here="")
