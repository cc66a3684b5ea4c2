"""What people do, one folder a feature: pages only. Features never import each other; they meet in the domain, and by
links (``lms.web.links``)."""
