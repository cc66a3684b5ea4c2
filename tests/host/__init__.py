"""Somebody else's Flask application into which ours is mounted."""
