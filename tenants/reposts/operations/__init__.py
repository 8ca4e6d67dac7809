"""Sending, taking, ending and telling: each in a session of one tenant."""
