"""What is remembered: tables, sessions, migrations. No rule of learning lives here, and no Flask."""
