"""The city's pages: parse, authorise, call one operation or query, answer."""
