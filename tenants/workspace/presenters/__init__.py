"""Rows to what templates show; words are msgids, translated where they are shown."""
