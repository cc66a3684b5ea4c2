"""What the answers of a cohort tell of a quiz and of each of its questions, and what to do about a bad one."""
