"""Edges: read-only copies of the public trees on other machines and in buckets.

The writing host pushes; an edge needs nothing of ours to run (docs/adr/0014).
"""
