"""What an instructor clicks a name for: one person's work, and what everybody answered to one question."""
