"""How a page looks and what every request passes: layout, guards, headers, error pages, item pages, static files.

What a page is *about* does not belong here; that stands in ``lms.features``.
"""
