"""The application for a WSGI server: ``gunicorn wsgi:app`` or ``waitress-serve wsgi:app``. Settings: ``LMS_*``."""

from lms import create_app
from lms.web import log

log.configure()
app = create_app()
