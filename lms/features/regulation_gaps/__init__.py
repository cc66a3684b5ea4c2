"""What a cohort misses most, by article and by topic, and the lesson to give."""
