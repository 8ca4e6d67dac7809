"""Benchmarks: each prints ratios against a named alternative that runs in the same breath.

`python -m bench` runs all, `python -m bench reading` one. Absolute figures belong to the machine
they were measured on; the ratios are what counts.
"""
