"""The domain: who learns with whom, what is taken, saved, marked, shown and done. It knows no request and no page.

``api`` is its door: features, commands and pages import from there and from nowhere else in this room.
"""
