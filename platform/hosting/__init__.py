"""What every tenant of the platform shares; it knows no tenant's content."""
