"""Content in and out of a tenant as JSON Lines."""
