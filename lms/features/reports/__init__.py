"""Questions that participants report as faulty, and what editors answer."""
