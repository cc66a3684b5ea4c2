"""What an instructor sees: who is stuck, how a quiz went, one attempt in full, and a table to take away."""
