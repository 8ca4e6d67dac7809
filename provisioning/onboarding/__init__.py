"""Opening a tenant: all of its input checked first, then everything in one transaction."""
