"""Inside another learning system: a tool as LTI 1.3 Advantage defines it (1EdTech)."""
