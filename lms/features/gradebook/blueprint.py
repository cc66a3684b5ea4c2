"""What the modules of the instructor's pages hang their routes on."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("gradebook", __name__, template_folder="templates", url_prefix="/pengampu")
