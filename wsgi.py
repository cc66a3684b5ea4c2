"""The application for a WSGI server: ``gunicorn wsgi:app`` or ``waitress-serve wsgi:app``. Settings: ``LMS_*``."""

from lms.app import create_server_app

app = create_server_app()
