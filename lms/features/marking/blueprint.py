"""What the modules of the marking desk hang their routes on."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("marking", __name__, template_folder="templates", url_prefix="/pengampu")
