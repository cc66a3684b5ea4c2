"""Where editors work on the pack: which law it covers, and which it does not."""
