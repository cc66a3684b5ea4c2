"""Reading: the course, its lessons with self-checks, the register, the glossary, and each person's progress."""
