"""The marking desk: what waits for a person, one answer after the other, and what two people make of the same one."""
