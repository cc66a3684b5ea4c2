"""For servers that look for a ``wsgi.py`` in a clone. The package's own target is ``lms.server:app``."""

from lms.server import app as app
