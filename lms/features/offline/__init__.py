"""Without a link: the application on the home screen, its worker, and what a device holds."""
