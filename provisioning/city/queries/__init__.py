"""What the city's pages read across tenants."""
