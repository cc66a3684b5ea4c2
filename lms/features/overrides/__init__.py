"""What differs from a quiz's own rules: for a cohort, and for one person."""
