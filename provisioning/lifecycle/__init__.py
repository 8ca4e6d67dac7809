"""Suspending, resuming and closing a tenant."""
