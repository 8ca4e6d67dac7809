"""Verbs of the column tree."""
