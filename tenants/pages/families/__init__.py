"""One module a kind of page: its key, its address, and how it is rendered."""
