"""Where a person stands and what comes next: the start page, the plan by day, the calendar."""
