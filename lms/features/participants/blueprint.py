"""What the modules of these pages hang their routes on."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("participants", __name__, template_folder="templates", url_prefix="/pengampu/angkatan/<uuid:cohort_id>")
