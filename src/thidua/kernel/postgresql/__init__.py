"""Django's PostgreSQL, with sessions that stand back as far as the process they work for."""
