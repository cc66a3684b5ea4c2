"""The page on which people search."""
