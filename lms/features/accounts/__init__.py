"""People: signing in and out, passwords, invitations, roles."""
