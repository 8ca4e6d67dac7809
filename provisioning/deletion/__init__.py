"""Deleting a closed tenant for good: a resumable job, and the record that is left of it."""
