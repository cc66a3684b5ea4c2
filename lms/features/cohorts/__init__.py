"""Cohorts (*angkatan*): who learns together, and who teaches them."""
