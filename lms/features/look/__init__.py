"""How this device reads: one page, and where its form is sent from any other."""
