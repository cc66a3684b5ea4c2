"""Mending the marks of a faulty question: an instructor decides, sees first what changes, and says why."""
