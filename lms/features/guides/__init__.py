"""The guides of ``docs/id`` in the site, for whoever needs help."""
