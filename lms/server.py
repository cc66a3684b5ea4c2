"""The application for a WSGI server: ``gunicorn lms.server:app``. Settings come from ``LMS_*`` (docs/operator.md).

Importing this starts it and its log; a program that wants the application for itself calls ``lms.create_app``.
"""

import gc

gc.disable()  # what is loaded stays; to look through it again and again takes a tenth of the start

from lms.app import create_server_app  # noqa: E402

app = create_server_app()
gc.enable()
