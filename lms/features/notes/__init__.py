"""What somebody writes down and marks while reading: private notes, bookmarks, "belum paham"."""
