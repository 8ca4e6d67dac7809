"""Reposts (转载): what one tenant has signed, carried by others."""
