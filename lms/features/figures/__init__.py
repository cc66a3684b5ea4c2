"""Figures about a cohort: people by modules, activity over time, gain from before to after. Each drawn, and in
numbers."""
