"""What the pages of the course hang their routes on."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("learn", __name__, template_folder="templates")
