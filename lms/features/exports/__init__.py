"""A cohort to take along: all of it as one file, and a report for paper."""
