"""The application for a WSGI server: ``gunicorn lms.server:app``. Settings come from ``LMS_*`` (docs/operator.md).

Importing this starts it and its log; a program that wants the application for itself calls ``lms.create_app``.
"""

from lms.app import create_server_app

app = create_server_app()
