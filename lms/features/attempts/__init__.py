"""Taking a quiz: an attempt is started, saved answer by answer, submitted once, and reviewed by its rules."""
