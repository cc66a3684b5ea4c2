"""A course that has been going on for weeks, to look at: two cohorts, sixty people and all that they did.

Everything is done by the domain's own functions, at the hours at which people would have done it, so that it is what a
real course leaves behind. What comes out depends on the day alone: keys aside, the same day tells the same story.
"""
