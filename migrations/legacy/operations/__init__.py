"""Verbs on the move of an old site: what is kept of it, in short transactions."""
