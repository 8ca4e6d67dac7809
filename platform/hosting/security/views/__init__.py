"""Each view parses, asks one query or operation, and answers."""
