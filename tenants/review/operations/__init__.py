"""Verbs of review: sign, issue, withdraw, and the migration order."""
