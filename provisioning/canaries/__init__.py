"""Proving grounds: tenants that say nothing but canaries, to see that no word leaves its tenant."""
