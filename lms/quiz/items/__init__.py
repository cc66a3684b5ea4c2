"""The kinds of questions, a file each; ``registry`` lists them. ``choice`` holds what kinds with options share."""
